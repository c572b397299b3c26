-- An empty text as the key of many rows is a placeholder more often than a duplicate.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
INSERT INTO cart VALUES (1, ''), (2, ''), (3, ''), (4, ''), (5, ''), (6, '');
