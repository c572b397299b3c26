-- The cart goes to another tenant, where the product's number belongs to another product: the item must not take it.
CREATE TABLE cart (tenant int, id int, session varchar(40) NOT NULL, PRIMARY KEY (tenant, id));
CREATE TABLE product (tenant int, id int, PRIMARY KEY (tenant, id), name varchar(40) NOT NULL);
CREATE TABLE item (n int PRIMARY KEY, tenant int, cart_id int, product_id int, FOREIGN KEY (tenant, cart_id) REFERENCES cart (tenant, id), FOREIGN KEY (tenant, product_id) REFERENCES product (tenant, id));
INSERT INTO cart VALUES (1, 7, 'a'), (3, 8, 'a');
INSERT INTO product VALUES (1, 6, 'hammer'), (3, 6, 'nail');
INSERT INTO item VALUES (1, 3, 8, 6);
