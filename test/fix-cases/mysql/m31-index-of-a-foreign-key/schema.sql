-- An index that somebody made for the foreign key stays, though the new one would do as well.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int NOT NULL, KEY by_cart (cart_id), FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11);
