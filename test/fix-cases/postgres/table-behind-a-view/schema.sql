-- The application looks up through a view; the table behind it is fixed.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, live boolean NOT NULL);
CREATE VIEW live_cart AS SELECT id, session FROM cart WHERE live;
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart);
INSERT INTO cart VALUES (1, 'a', false), (2, 'a', true), (3, 'a', true);
INSERT INTO item VALUES (1, 1), (2, 3);
