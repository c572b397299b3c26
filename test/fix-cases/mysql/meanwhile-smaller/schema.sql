-- Rows have gone since, a surplus one and a survivor among them.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'a'), (4, 'b'), (5, 'b');
INSERT INTO item VALUES (1, 1), (2, 2), (3, 3), (4, 5);
