-- A child may hold each product once per cart by an exclusion constraint, and no two ranges that overlap by another one.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart, product int, EXCLUDE USING btree (cart_id WITH =, product WITH =));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11);
