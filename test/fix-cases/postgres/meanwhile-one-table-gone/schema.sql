CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
