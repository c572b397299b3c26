-- A trigger that lets nobody delete: nothing may have happened.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
CREATE TRIGGER never BEFORE DELETE ON cart FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'carts are kept';
