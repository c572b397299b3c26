-- Columns that look like references and aren't declared: named in the plan, left alone by it.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE visit (id int PRIMARY KEY, cart_id int);
CREATE TABLE comment (id int PRIMARY KEY, commentable_type varchar(40), commentable_id int);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO visit VALUES (1, 2);
INSERT INTO comment VALUES (1, 'cart', 2);
