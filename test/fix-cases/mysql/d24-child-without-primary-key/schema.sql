-- The same of a child, whose key can be NULL.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (cart_id int, product int UNIQUE, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (2, 10), (2, NULL);
