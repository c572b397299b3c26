-- The same key in lower and in upper case; ß and ẞ are equal in lower case alone, ſ and s in upper case alone.
CREATE TABLE low (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE high (id int PRIMARY KEY, email varchar(20) NOT NULL);
INSERT INTO low VALUES (1, 'A@x'), (2, 'a@x'), (3, 'a@X'), (4, 'b@x'), (5, 's'), (6, 'ſ');
INSERT INTO high VALUES (1, 'A@x'), (2, 'a@x'), (3, 's'), (4, 'ſ');
