-- The same with the whole row as its identity, and a child whose identity is an index.
CREATE TABLE event (kind text NOT NULL, n int);
ALTER TABLE event REPLICA IDENTITY FULL;
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (code int NOT NULL UNIQUE, cart_id int REFERENCES cart);
ALTER TABLE item REPLICA IDENTITY USING INDEX item_code_key;
INSERT INTO event VALUES ('a', 1), ('a', 1);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (7, 2);
CREATE PUBLICATION for_the_warehouse FOR TABLE event, cart, item;
