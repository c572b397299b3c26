-- The child's key is checked at COMMIT, its generated column is part of it, and there is an identity that nobody may write.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  product int, twice int GENERATED ALWAYS AS (product * 2) STORED, UNIQUE (cart_id, twice) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item (cart_id, product) VALUES (2, 10), (1, 10), (2, 11);
