-- Rows have come since: new groups, larger groups, children that collide.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart, product int, UNIQUE (cart_id, product));
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
