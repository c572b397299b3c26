-- The same foreign key twice, with different actions, and a declared reference that two key sets name.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, code varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int, FOREIGN KEY (cart_id) REFERENCES cart (id), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
CREATE TABLE log (id int PRIMARY KEY, kind varchar(40), object varchar(40));
INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', 'x'), (3, 'b', 'x');
INSERT INTO item VALUES (1, 2), (2, 3);
INSERT INTO log VALUES (1, 'cart', '2'), (2, 'cart', '3'), (3, 'order', '3');
