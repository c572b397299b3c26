-- The server made the index for the foreign key, under its name, and drops it once the unique one is there.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int NOT NULL, CONSTRAINT `of the cart` FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11);
