-- Loaded without checks: orphans are nobody's surplus rows, are not repointed, and keep colliding with nothing.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
CREATE TABLE note (id int PRIMARY KEY, item_id int NOT NULL, FOREIGN KEY (item_id) REFERENCES item (id));
SET foreign_key_checks = 0;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2, 10), (2, 1, 10), (3, 77, 10), (4, 78, 10);
INSERT INTO note VALUES (1, 2), (2, 3), (3, 99);
