-- The child's unique key calls NULLs equal.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart ON DELETE CASCADE, product int, UNIQUE NULLS NOT DISTINCT (cart_id, product));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, NULL), (2, 2, NULL), (3, NULL, NULL), (4, 2, 10);
