-- No item is there twice until the carts are merged; the configuration names the items first.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
CREATE TABLE note (id int PRIMARY KEY, item_id int NOT NULL, FOREIGN KEY (item_id) REFERENCES item (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10);
INSERT INTO note VALUES (1, 2);
