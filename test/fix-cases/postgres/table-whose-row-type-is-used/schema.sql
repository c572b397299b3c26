-- Rows of the table are stored as values elsewhere, returned by functions and shown by views: none of that is in the way.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE snapshot (id int PRIMARY KEY, was cart, all_of_them cart[]);
CREATE FUNCTION carts() RETURNS SETOF cart LANGUAGE sql STABLE AS 'SELECT * FROM cart';
CREATE VIEW sessions AS SELECT DISTINCT session, c AS row FROM cart AS c;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO snapshot SELECT 1, c, ARRAY[c] FROM cart AS c WHERE id = 2;
