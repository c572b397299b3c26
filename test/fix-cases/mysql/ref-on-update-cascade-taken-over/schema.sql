-- The survivor takes the number of a row that goes: on the way back ON UPDATE CASCADE would take that row's children along.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, number int NOT NULL UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_number int NOT NULL, UNIQUE (cart_number, id), FOREIGN KEY (cart_number) REFERENCES cart (number) ON UPDATE CASCADE);
INSERT INTO cart VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 30);
INSERT INTO item VALUES (1, 10), (2, 20), (3, 30);
