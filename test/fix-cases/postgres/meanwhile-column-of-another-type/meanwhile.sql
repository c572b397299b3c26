ALTER TABLE cart ALTER session TYPE varchar(20);
ALTER TABLE item DROP gone;
