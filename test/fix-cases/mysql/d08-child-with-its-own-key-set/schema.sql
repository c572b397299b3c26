-- The child's own key set decides about its rows, also about those that collide only because their parents were merged.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int NOT NULL, amount int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10, 5), (2, 1, 10, 7), (3, 2, 10, 1), (4, 2, 11, 2);
