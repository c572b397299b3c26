-- The tenant of an item is the tenant of its cart: where the cart goes, it goes.
CREATE TABLE tenant (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE cart (tenant int, id int, session varchar(40) NOT NULL, PRIMARY KEY (tenant, id), FOREIGN KEY (tenant) REFERENCES tenant (id));
CREATE TABLE item (n int PRIMARY KEY, tenant int, cart_id int, FOREIGN KEY (tenant, cart_id) REFERENCES cart (tenant, id) ON UPDATE CASCADE, FOREIGN KEY (tenant) REFERENCES tenant (id));
INSERT INTO tenant VALUES (1, 't'), (2, 'u'), (3, 't');
INSERT INTO cart VALUES (1, 7, 'a'), (2, 7, 'a'), (3, 9, 'b'), (3, 8, 'a');
INSERT INTO item VALUES (1, 2, 7), (2, 3, 9), (3, 3, 8), (4, 3, NULL);
