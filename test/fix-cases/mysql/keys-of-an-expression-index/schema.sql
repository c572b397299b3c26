-- The child's unique index is over an expression, and holds what is repointed.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int, name varchar(40) COLLATE utf8mb4_bin, UNIQUE KEY one_item ((coalesce(cart_id, 0)), (lower(name))), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 'x'), (2, 2, 'X'), (3, NULL, 'x'), (4, 2, 'y');
