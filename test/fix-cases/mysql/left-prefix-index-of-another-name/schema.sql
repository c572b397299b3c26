-- Unique over less, or over more, than the key: they don't do.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, tenant int);
INSERT INTO cart VALUES (1, 'ab', 1), (2, 'ab', 1), (3, 'b', 1);
