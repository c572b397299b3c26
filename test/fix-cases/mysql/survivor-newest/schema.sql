CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, note varchar(40));
INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', NULL), (3, 'b', 'z');
