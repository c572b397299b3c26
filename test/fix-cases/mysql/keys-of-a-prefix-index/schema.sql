-- The child's unique index holds only the beginning of a text: rows collide that differ further on.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int, name varchar(40), UNIQUE KEY one_item (cart_id, name(3)), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 'abcx'), (2, 2, 'abcy'), (3, 2, 'abd');
