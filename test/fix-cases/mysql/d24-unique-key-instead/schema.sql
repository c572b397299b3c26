-- A unique key does as well where none of its columns can be NULL.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (cart_id int NOT NULL, product varchar(20) NOT NULL, amount int, UNIQUE KEY few (amount), UNIQUE KEY part (product(3), amount), UNIQUE KEY whole (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
CREATE TABLE note (code varchar(10) NOT NULL UNIQUE, cart_id int, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (2, 'x', 1), (1, 'x', 2), (2, 'y', NULL);
INSERT INTO note VALUES ('n', 2);
