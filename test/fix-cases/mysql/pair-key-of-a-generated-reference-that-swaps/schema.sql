-- The row that stays gets the label that the other one had; on the way back it must not seem taken.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, label varchar(40) GENERATED ALWAYS AS (CONCAT(cart_id, '/', product)) STORED UNIQUE, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item (id, cart_id, product) VALUES (1, 2, 10), (2, 1, 10);
