-- The name is taken by something that isn't an index of this table.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE VIEW uq_cart_session AS SELECT 1 AS one;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
