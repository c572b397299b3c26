-- References of two columns: by MATCH SIMPLE one that is NULL switches the reference off; MATCH FULL has all or nothing.
CREATE TABLE cart (tenant int, id int, session varchar(40) NOT NULL, PRIMARY KEY (tenant, id));
CREATE TABLE simple (n int PRIMARY KEY, tenant int, cart_id int, FOREIGN KEY (tenant, cart_id) REFERENCES cart (tenant, id));
CREATE TABLE complete (n int PRIMARY KEY, tenant int, cart_id int, FOREIGN KEY (tenant, cart_id) REFERENCES cart (tenant, id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 1, 'a'), (1, 2, 'a'), (2, 2, 'a'), (2, 1, 'b');
INSERT INTO simple VALUES (1, 1, 2), (2, 1, NULL), (3, NULL, 2), (4, 2, 2), (5, 99, NULL);
INSERT INTO complete VALUES (1, 1, 2), (2, NULL, NULL), (3, 2, 2);
