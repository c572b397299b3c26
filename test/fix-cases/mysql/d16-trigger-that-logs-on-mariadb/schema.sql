-- MariaDB fails here, before a row is touched.
-- What is removed and repointed shows up in the application's own log, as any other change does; what a foreign key would
-- have carried on would not (D20).
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
CREATE TABLE log (number int AUTO_INCREMENT PRIMARY KEY, what varchar(40)) ENGINE = InnoDB;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11);
CREATE TRIGGER log_cart AFTER DELETE ON cart FOR EACH ROW INSERT INTO log (what) VALUES (CONCAT('delete cart ', OLD.id));
CREATE TRIGGER log_item AFTER DELETE ON item FOR EACH ROW INSERT INTO log (what) VALUES (CONCAT('delete item ', OLD.id));
CREATE TRIGGER log_move AFTER UPDATE ON item FOR EACH ROW INSERT INTO log (what) VALUES (CONCAT('update item ', OLD.id));
CREATE TRIGGER log_new AFTER INSERT ON item FOR EACH ROW INSERT INTO log (what) VALUES (CONCAT('insert item ', NEW.id));
