-- A trigger counts the changes of each row. It counts ours too, which is said; the rows are right all the same.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, amount int, changes int NOT NULL DEFAULT 0);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, changes int NOT NULL DEFAULT 0, FOREIGN KEY (cart_id) REFERENCES cart (id));
CREATE TRIGGER stamp_cart BEFORE UPDATE ON cart FOR EACH ROW SET NEW.changes = OLD.changes + 1;
CREATE TRIGGER stamp_item BEFORE UPDATE ON item FOR EACH ROW SET NEW.changes = OLD.changes + 1;
INSERT INTO cart VALUES (1, 'a', 1, 0), (2, 'a', 2, 0), (3, 'b', 3, 0);
INSERT INTO item VALUES (1, 1, 0), (2, 2, 0);
