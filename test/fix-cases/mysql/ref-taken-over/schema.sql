-- The survivor takes the number of a row that goes, and deleting that would take both rows' children along.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, number int NOT NULL UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_number int NOT NULL, FOREIGN KEY (cart_number) REFERENCES cart (number) ON UPDATE CASCADE ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a', 10), (2, 'a', 20);
INSERT INTO item VALUES (1, 10), (2, 20);
