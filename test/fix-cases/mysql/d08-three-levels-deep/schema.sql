-- Carts merge, so their items collide, so these items' notes collide, so the notes' readers do.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
CREATE TABLE note (id int PRIMARY KEY, item_id int NOT NULL, text varchar(40), UNIQUE (item_id, text), FOREIGN KEY (item_id) REFERENCES item (id) ON DELETE CASCADE);
CREATE TABLE reader (id int PRIMARY KEY, note_id int NOT NULL, name varchar(40), UNIQUE (note_id, name), FOREIGN KEY (note_id) REFERENCES note (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11);
INSERT INTO note VALUES (1, 1, 'x'), (2, 2, 'x'), (3, 2, 'y'), (4, 3, 'x');
INSERT INTO reader VALUES (1, 1, 'Ann'), (2, 2, 'Ann'), (3, 2, 'Bob'), (4, 3, 'Ann'), (5, 4, 'Ann');
