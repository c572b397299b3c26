-- A trigger deletes what refers to a row by a reference that no foreign key declares: by then nothing does.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int);
CREATE TRIGGER delete_items BEFORE DELETE ON cart FOR EACH ROW DELETE FROM item WHERE cart_id = OLD.id;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1), (2, 2);
