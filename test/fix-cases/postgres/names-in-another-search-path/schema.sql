-- The tables are in a schema that isn't on the search path, and one of the same name is.
CREATE SCHEMA shop;
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE shop.cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart);
CREATE TABLE shop.item (id int PRIMARY KEY, cart_id int REFERENCES shop.cart);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
INSERT INTO shop.cart SELECT * FROM cart;
INSERT INTO shop.item SELECT * FROM item;
