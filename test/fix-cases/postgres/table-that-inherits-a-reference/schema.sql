-- Foreign keys aren't inherited: the heir's rows are no references, but look like some.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart ON DELETE CASCADE);
CREATE TABLE old_item () INHERITS (item);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
INSERT INTO old_item VALUES (2, 2);
