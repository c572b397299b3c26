-- The foreign key points to a unique column that isn't the primary key, and whose value the surplus row takes along.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, token text UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_token text REFERENCES cart (token) ON DELETE CASCADE);
CREATE TABLE payment (id int PRIMARY KEY, cart_id int REFERENCES cart);
INSERT INTO cart VALUES (1, 'a', 't1'), (2, 'a', 't2'), (3, 'b', NULL);
INSERT INTO item VALUES (1, 't1'), (2, 't2'), (3, NULL);
INSERT INTO payment VALUES (1, 2);
