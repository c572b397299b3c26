-- No item is there twice until the carts are merged; the configuration names the items first.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart, product int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, item_id int NOT NULL REFERENCES item);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10);
INSERT INTO note VALUES (1, 2);
