-- Each cart has one owner. The older owner stays and takes the cart of the one that goes, which is unique all the time.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE owner (id int PRIMARY KEY, cart_id int NOT NULL UNIQUE, FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO owner VALUES (1, 2), (2, 1);
