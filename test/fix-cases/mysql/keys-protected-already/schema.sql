-- A key set that is safe is left out, and its policy still says how rows are merged that collide.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int NOT NULL, amount int NOT NULL, UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10, 5), (2, 2, 10, 7);
