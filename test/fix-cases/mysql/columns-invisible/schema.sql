-- A column that SELECT * doesn't show is a column all the same: it is compared, merged, archived and restored.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, hits int DEFAULT 5 INVISIBLE);
CREATE TABLE item (id int PRIMARY KEY, cart_id int INVISIBLE, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart (id, session, hits) VALUES (1, 'a', 1), (2, 'a', 2), (3, 'b', 4);
INSERT INTO item (id, cart_id) VALUES (1, 2);
