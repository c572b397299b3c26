-- The same with an index that covers only some rows, and one of other columns: they don't do.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, tenant int);
INSERT INTO cart VALUES (1, 'a', 1), (2, 'a', 1), (3, 'b', 1);
