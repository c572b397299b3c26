-- The same by ids as texts, and no circle though the numbers of carts and comments together look like one.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE comment (id int PRIMARY KEY, on_type varchar(40), on_id varchar(40), text varchar(40) NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
INSERT INTO comment VALUES (1, 'cart', '3', 'x'), (2, 'cart', '3', 'x'), (3, 'cart', '2', 'y'), (4, 'comment', '2', 'y'), (5, 'comment', '4', 'z'), (6, 'comment', '1', 'y');
