-- Taggings of two carts become one; the same tag on an order of the same number has nothing to do with it.
CREATE TABLE cart (id bigint PRIMARY KEY, session text NOT NULL);
CREATE TABLE tagging (id int PRIMARY KEY, tag text, taggable_type text, taggable_id int, UNIQUE (tag, taggable_type, taggable_id));
CREATE TABLE vote (id int PRIMARY KEY, tagging_id int NOT NULL REFERENCES tagging ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO tagging VALUES (1, 't', 'Cart', 1), (2, 't', 'Cart', 2), (3, 'u', 'Cart', 2), (4, 't', 'Order', 1), (5, 't', 'Order', 2);
INSERT INTO vote VALUES (1, 2), (2, 5);
