-- The application looks NULLs up, so that they are a key like any other.
CREATE TABLE cart (id int PRIMARY KEY, tenant int, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int, FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 1, 'a'), (2, 1, 'a'), (3, NULL, 'a'), (4, NULL, 'a'), (5, NULL, 'b');
INSERT INTO item VALUES (1, 2), (2, 4);
