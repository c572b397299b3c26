-- A unique key and no primary key.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (cart_id int REFERENCES cart ON DELETE CASCADE, product int, amount int, UNIQUE (cart_id, product));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (2, 10, 1), (1, 10, 2), (2, 11, 4), (2, NULL, 8), (1, NULL, 8);
