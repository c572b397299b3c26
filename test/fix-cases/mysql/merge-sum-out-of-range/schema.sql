CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, amount smallint);
INSERT INTO cart VALUES (1, 'a', 30000), (2, 'a', 30000);
