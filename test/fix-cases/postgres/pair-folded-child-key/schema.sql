-- The child's unique index is over an expression, and holds what is repointed in another one.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart ON DELETE CASCADE, name text);
CREATE UNIQUE INDEX one_item ON item (coalesce(cart_id, 0), lower(name));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 'x'), (2, 2, 'X'), (3, NULL, 'x'), (4, 2, 'y');
