-- The same where the children may not follow by themselves.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, number int NOT NULL UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_number int NOT NULL, FOREIGN KEY (cart_number) REFERENCES cart (number) ON UPDATE RESTRICT ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a', 20), (2, 'a', 10);
INSERT INTO item VALUES (1, 10), (2, 20);
