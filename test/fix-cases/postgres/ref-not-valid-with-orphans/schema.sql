-- A foreign key that was never validated: its orphans stay what they are, and so does the key.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, UNIQUE (cart_id, product));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2, 10), (2, 77, 10), (3, 78, 10);
ALTER TABLE item ADD FOREIGN KEY (cart_id) REFERENCES cart ON DELETE CASCADE NOT VALID;
