-- Taggings of two carts become one; the same tag on an order of the same number has nothing to do with it.
CREATE TABLE cart (id bigint PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE tagging (id int PRIMARY KEY, tag varchar(40), taggable_type varchar(40), taggable_id int, UNIQUE (tag, taggable_type, taggable_id));
CREATE TABLE vote (id int PRIMARY KEY, tagging_id int NOT NULL, FOREIGN KEY (tagging_id) REFERENCES tagging (id) ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO tagging VALUES (1, 't', 'Cart', 1), (2, 't', 'Cart', 2), (3, 'u', 'Cart', 2), (4, 't', 'Order', 1), (5, 't', 'Order', 2);
INSERT INTO vote VALUES (1, 2), (2, 5);
