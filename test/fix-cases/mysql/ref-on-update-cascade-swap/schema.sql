-- One survivor takes the number that another one gives up.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, number int NOT NULL UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_number int NOT NULL, FOREIGN KEY (cart_number) REFERENCES cart (number) ON UPDATE CASCADE);
INSERT INTO cart VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 4), (4, 'b', 6);
INSERT INTO item VALUES (1, 10), (2, 20), (3, 4), (4, 6);
