-- What comes out of a merge doesn't fit into the column, and must not be cut to its length.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, note varchar(3));
INSERT INTO cart VALUES (1, 'a', 'abc'), (2, 'a', 'def');
