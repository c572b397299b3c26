-- The sum of two codes is a third row's code: that one would have to be the same row, and differs.
CREATE TABLE person (id int PRIMARY KEY, email varchar(40) NOT NULL, code int UNIQUE);
INSERT INTO person VALUES (1, 'a', 4), (2, 'a', 5), (3, 'b', 9);
