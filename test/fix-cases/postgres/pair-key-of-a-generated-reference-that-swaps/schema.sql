-- The row that stays gets the label that the other one had; on the way back it must not seem taken.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart, product int,
  label text GENERATED ALWAYS AS (cart_id::text || '/' || product::text) STORED UNIQUE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item (id, cart_id, product) VALUES (1, 2, 10), (2, 1, 10);
