ALTER TABLE cart MODIFY session varchar(20) NOT NULL;
ALTER TABLE item DROP gone;
