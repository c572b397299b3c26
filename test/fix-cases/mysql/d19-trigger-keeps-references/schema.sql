-- A trigger takes the new value out again: the references would stay behind.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL);
CREATE TRIGGER keep_cart BEFORE UPDATE ON item FOR EACH ROW SET NEW.cart_id = OLD.cart_id;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
