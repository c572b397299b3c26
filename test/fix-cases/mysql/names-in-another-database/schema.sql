-- The tables are in a database that isn't the session's, and ones of the same names are.
CREATE DATABASE fix_case_shop;
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
CREATE TABLE fix_case_shop.cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE fix_case_shop.item (id int PRIMARY KEY, cart_id int, FOREIGN KEY (cart_id) REFERENCES fix_case_shop.cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
INSERT INTO fix_case_shop.cart SELECT * FROM cart;
INSERT INTO fix_case_shop.item SELECT * FROM item;
