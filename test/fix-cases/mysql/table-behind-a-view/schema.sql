-- Views on the tables stay, and show what is left.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
CREATE VIEW open_cart AS SELECT id, session FROM cart;
