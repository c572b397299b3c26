CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
