-- An ORDER BY list with expressions, a cast, a comma in a text and a comment at its end.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, state varchar(40));
INSERT INTO cart VALUES (1, 'a', 'new'), (2, 'a', 'paid, sent'), (3, 'a', 'paid');
