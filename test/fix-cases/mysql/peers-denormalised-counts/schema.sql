-- A trigger keeps the number of a cart's items: it goes on doing so, and a sum on top of it would count twice. On the way
-- back it would count what is restored, on top of the count that is restored.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, items int NOT NULL DEFAULT 0);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
CREATE TRIGGER count_new AFTER INSERT ON item FOR EACH ROW UPDATE cart SET items = items + 1 WHERE id = NEW.cart_id;
CREATE TRIGGER count_gone AFTER DELETE ON item FOR EACH ROW UPDATE cart SET items = items - 1 WHERE id = OLD.cart_id;
CREATE TRIGGER count_moved AFTER UPDATE ON item FOR EACH ROW UPDATE cart SET items = items + (id = NEW.cart_id) - (id = OLD.cart_id) WHERE id IN (OLD.cart_id, NEW.cart_id);
INSERT INTO cart (id, session) VALUES (1, 'a'), (2, 'a'), (3, 'b');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11), (4, 3, 10);
