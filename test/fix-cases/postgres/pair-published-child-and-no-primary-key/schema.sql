-- The child is published and can't be named by replication; that its rows only change is just as impossible.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (cart_id int REFERENCES cart, product int);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (2, 10);
CREATE PUBLICATION for_the_warehouse FOR TABLE item;
