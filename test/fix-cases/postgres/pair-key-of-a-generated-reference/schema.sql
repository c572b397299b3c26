-- The child's unique column is computed from the reference: it changes with it, and collides by itself.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart, product int,
  label text GENERATED ALWAYS AS (cart_id::text || '/' || product::text) STORED UNIQUE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item (id, cart_id, product) VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11);
