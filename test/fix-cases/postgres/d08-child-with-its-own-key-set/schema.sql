-- The child's own key set decides about its rows, also about those that collide only because their parents were merged.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart, product int NOT NULL, amount int NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10, 5), (2, 1, 10, 7), (3, 2, 10, 1), (4, 2, 11, 2);
