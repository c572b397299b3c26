-- The entry of `references` says how colliding children become one.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int NOT NULL, amount int NOT NULL, UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'a');
INSERT INTO item VALUES (1, 2, 10, 5), (2, 1, 10, 7), (3, 3, 10, 1), (4, 3, 11, 2);
