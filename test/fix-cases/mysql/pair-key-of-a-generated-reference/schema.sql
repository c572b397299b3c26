-- The child's unique column is computed from the reference: it changes with it, and collides by itself.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, label varchar(40) GENERATED ALWAYS AS (CONCAT(cart_id, '/', product)) STORED UNIQUE, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item (id, cart_id, product) VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11);
