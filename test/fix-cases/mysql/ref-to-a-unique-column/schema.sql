-- The foreign key points to a unique column that isn't the primary key, and whose value the surplus row takes along.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, token varchar(40) UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_token varchar(40), FOREIGN KEY (cart_token) REFERENCES cart (token) ON DELETE CASCADE);
CREATE TABLE payment (id int PRIMARY KEY, cart_id int, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a', 't1'), (2, 'a', 't2'), (3, 'b', NULL);
INSERT INTO item VALUES (1, 't1'), (2, 't2'), (3, NULL);
INSERT INTO payment VALUES (1, 2);
