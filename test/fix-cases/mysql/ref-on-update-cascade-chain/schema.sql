-- The number of a cart changes by a merge, and foreign keys carry it on to items, and on to their notes.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, number int NOT NULL UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_number int NOT NULL UNIQUE, FOREIGN KEY (cart_number) REFERENCES cart (number) ON UPDATE CASCADE);
CREATE TABLE note (id int PRIMARY KEY, item_number int NOT NULL, FOREIGN KEY (item_number) REFERENCES item (cart_number) ON UPDATE CASCADE);
INSERT INTO cart VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 40);
INSERT INTO item VALUES (1, 10), (3, 40);
INSERT INTO note VALUES (1, 10), (2, 10), (3, 40);
