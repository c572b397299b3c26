-- The server keeps old versions of rows; only the current ones have to be unique.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL) WITH SYSTEM VERSIONING;
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'c');
UPDATE cart SET session = 'b' WHERE id = 3;
INSERT INTO item VALUES (1, 2);
