-- An orphan is in the same table as rows that collide; it is nobody's surplus row, and not repointed.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, UNIQUE (cart_id, product));
CREATE TABLE note (id int PRIMARY KEY, item_id int NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2, 10), (2, 1, 10), (3, 77, 10);
INSERT INTO note VALUES (1, 2), (2, 3), (3, 99);
ALTER TABLE item ADD FOREIGN KEY (cart_id) REFERENCES cart NOT VALID;
ALTER TABLE note ADD FOREIGN KEY (item_id) REFERENCES item NOT VALID;
