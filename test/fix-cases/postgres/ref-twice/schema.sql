-- The same foreign key twice, with different actions, and a declared reference that two key sets name.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, code text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart ON DELETE CASCADE, FOREIGN KEY (cart_id) REFERENCES cart);
CREATE TABLE log (id int PRIMARY KEY, kind text, object text);
INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', 'x'), (3, 'b', 'x');
INSERT INTO item VALUES (1, 2), (2, 3);
INSERT INTO log VALUES (1, 'cart', '2'), (2, 'cart', '3'), (3, 'order', '3');
