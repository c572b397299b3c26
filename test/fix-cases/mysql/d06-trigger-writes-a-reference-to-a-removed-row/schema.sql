-- A trigger notes the parent that an item came from: nothing may be left pointing nowhere.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
CREATE TABLE move (item_id int PRIMARY KEY, from_cart int NOT NULL, FOREIGN KEY (from_cart) REFERENCES cart (id) ON DELETE CASCADE);
CREATE TRIGGER note AFTER UPDATE ON item FOR EACH ROW INSERT INTO move VALUES (NEW.id, OLD.cart_id);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
