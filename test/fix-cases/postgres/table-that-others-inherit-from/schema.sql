-- No index sees the rows of the tables that inherit from this one.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE old_cart () INHERITS (cart);
INSERT INTO cart VALUES (1, 'a');
INSERT INTO old_cart VALUES (2, 'a');
