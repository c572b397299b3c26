-- A rule on a table that would be repointed.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart);
CREATE RULE never AS ON UPDATE TO item DO INSTEAD NOTHING;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
