-- The child lives in another schema, under the name that the parent has here.
CREATE SCHEMA billing;
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE billing.cart (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES public.cart ON DELETE CASCADE, n int, UNIQUE (cart_id, n));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO billing.cart VALUES (1, 1, 1), (2, 2, 1), (3, 2, 2);
