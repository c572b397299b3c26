-- Two foreign keys share the tenant, and their parents go to different ones: the row can't hold both.
CREATE TABLE cart (tenant int, id int, session varchar(40) NOT NULL, PRIMARY KEY (tenant, id));
CREATE TABLE product (tenant int, id int, PRIMARY KEY (tenant, id), name varchar(40) NOT NULL);
CREATE TABLE item (n int PRIMARY KEY, tenant int, cart_id int, product_id int, FOREIGN KEY (tenant, cart_id) REFERENCES cart (tenant, id), FOREIGN KEY (tenant, product_id) REFERENCES product (tenant, id));
INSERT INTO cart VALUES (1, 7, 'a'), (3, 8, 'a');
INSERT INTO product VALUES (2, 5, 'p'), (3, 6, 'p');
INSERT INTO item VALUES (1, 3, 8, 6);
