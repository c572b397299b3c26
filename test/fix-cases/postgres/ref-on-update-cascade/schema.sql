-- The survivor's own number changes by a merge: ON UPDATE CASCADE and we both move the children.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, number int NOT NULL UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_number int NOT NULL REFERENCES cart (number) ON UPDATE CASCADE, UNIQUE (cart_number, id));
INSERT INTO cart VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 40);
INSERT INTO item VALUES (1, 10), (2, 20), (3, 40);
