-- Blanks at the end of char(n) count for nothing, those of varchar do.
CREATE TABLE fixed (id int PRIMARY KEY, code char(5) NOT NULL);
CREATE TABLE varying (id int PRIMARY KEY, code varchar(5) NOT NULL);
INSERT INTO fixed VALUES (1, 'ab'), (2, 'ab  '), (3, ' ab');
INSERT INTO varying VALUES (1, 'ab'), (2, 'ab  '), (3, 'ab');
