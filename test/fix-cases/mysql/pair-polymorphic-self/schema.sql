-- Comments on carts and on other comments, by type and id; both kinds of parents lose rows.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE comment (id int PRIMARY KEY, on_type varchar(40), on_id int, text varchar(40) NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO comment VALUES (1, 'cart', 1, 'x'), (2, 'cart', 2, 'x'), (3, 'comment', 1, 'y'), (4, 'comment', 2, 'y'), (5, 'comment', 4, 'z'), (6, 'cart', 2, 'y');
