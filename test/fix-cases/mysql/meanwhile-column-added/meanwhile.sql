ALTER TABLE cart ADD note varchar(40);
