-- Two surplus carts hold product 10, which the survivor lacks: one of the items has to move, the other to go.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int NOT NULL, UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'a');
INSERT INTO item VALUES (1, 2, 10), (2, 3, 10), (3, 1, 11);
