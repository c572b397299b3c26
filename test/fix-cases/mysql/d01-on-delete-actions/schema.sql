-- Removing a parent before its children are repointed would take them along, or empty them, each in its own way.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE of_cascade (id int PRIMARY KEY, cart_id int, FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
CREATE TABLE of_null (id int PRIMARY KEY, cart_id int, FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE SET NULL);
CREATE TABLE of_nothing (id int PRIMARY KEY, cart_id int DEFAULT 9, FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE NO ACTION);
CREATE TABLE of_restrict (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE RESTRICT);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b'), (4, 'a'), (9, 'nobody');
INSERT INTO of_cascade VALUES (1, 1), (2, 2), (3, 3), (4, NULL);
INSERT INTO of_null VALUES (1, 2), (2, 4);
INSERT INTO of_nothing VALUES (1, 4), (2, 9);
INSERT INTO of_restrict VALUES (1, 2), (2, 3);
