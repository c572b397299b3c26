-- The survivor is another tenant's: both columns of the reference change, or, where half is NULL, none.
CREATE TABLE cart (tenant int, id int, session varchar(40) NOT NULL, PRIMARY KEY (tenant, id));
CREATE TABLE item (n int PRIMARY KEY, tenant int, cart_id int, FOREIGN KEY (tenant, cart_id) REFERENCES cart (tenant, id));
INSERT INTO cart VALUES (1, 7, 'a'), (2, 8, 'a'), (2, 9, 'b');
INSERT INTO item VALUES (1, 2, 8), (2, 2, NULL), (3, 1, 7), (4, 2, 9);
