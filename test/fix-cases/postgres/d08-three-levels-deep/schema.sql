-- Carts merge, so their items collide, so these items' notes collide, so the notes' readers do.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE, product int, UNIQUE (cart_id, product));
CREATE TABLE note (id int PRIMARY KEY, item_id int NOT NULL REFERENCES item ON DELETE CASCADE, text text, UNIQUE (item_id, text));
CREATE TABLE reader (id int PRIMARY KEY, note_id int NOT NULL REFERENCES note ON DELETE CASCADE, name text, UNIQUE (note_id, name));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11);
INSERT INTO note VALUES (1, 1, 'x'), (2, 2, 'x'), (3, 2, 'y'), (4, 3, 'x');
INSERT INTO reader VALUES (1, 1, 'Ann'), (2, 2, 'Ann'), (3, 2, 'Bob'), (4, 3, 'Ann'), (5, 4, 'Ann');
