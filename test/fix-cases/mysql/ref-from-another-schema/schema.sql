-- The child lives in another schema, under the name that the parent has here.
CREATE DATABASE fix_case_billing;
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE fix_case_billing.cart (id int PRIMARY KEY, cart_id int NOT NULL, n int, UNIQUE (cart_id, n), FOREIGN KEY (cart_id) REFERENCES fix_case.cart (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO fix_case_billing.cart VALUES (1, 1, 1), (2, 2, 1), (3, 2, 2);
