-- Both carts hold product 10: repointed, the two items would be one.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int NOT NULL, amount int NOT NULL, UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
INSERT INTO item VALUES (1, 1, 10, 5), (2, 2, 10, 5), (3, 2, 11, 1), (4, 3, 10, 5);
