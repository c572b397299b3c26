-- The tenant of an item is the tenant of its cart: where the cart goes, it goes.
CREATE TABLE tenant (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE cart (tenant int REFERENCES tenant, id int, session text NOT NULL, PRIMARY KEY (tenant, id));
CREATE TABLE item (n int PRIMARY KEY, tenant int REFERENCES tenant, cart_id int, FOREIGN KEY (tenant, cart_id) REFERENCES cart);
INSERT INTO tenant VALUES (1, 't'), (2, 'u'), (3, 't');
INSERT INTO cart VALUES (1, 7, 'a'), (2, 7, 'a'), (3, 9, 'b'), (3, 8, 'a');
INSERT INTO item VALUES (1, 2, 7), (2, 3, 9), (3, 3, 8), (4, 3, NULL);
