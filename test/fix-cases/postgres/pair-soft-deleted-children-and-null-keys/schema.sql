-- The child's unique key is partial and has a nullable column: only rows that it speaks of collide.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart ON DELETE CASCADE, product int, deleted boolean NOT NULL DEFAULT false);
CREATE UNIQUE INDEX live_item ON item (cart_id, product) WHERE NOT deleted;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10, false), (2, 2, 10, false), (3, 2, NULL, false), (4, 1, NULL, false), (5, 1, 11, true), (6, 2, 11, true), (7, 2, 11, false), (8, NULL, 10, false), (9, NULL, 10, false);
