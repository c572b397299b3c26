-- The row that most others refer to wins, by foreign keys and declared references together.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
CREATE TABLE log (id int PRIMARY KEY, kind varchar(40), object varchar(40));
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'a');
INSERT INTO item VALUES (1, 1), (2, 2);
INSERT INTO log VALUES (1, 'cart', '2'), (2, 'order', '3'), (3, 'order', '3'), (4, 'order', '3');
