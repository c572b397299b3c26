-- Several tables in one plan: either all of it happens or nothing. The last one fails.
CREATE TABLE a (id int PRIMARY KEY, k text NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, k text NOT NULL);
CREATE TABLE c (id int PRIMARY KEY, k text NOT NULL);
INSERT INTO a VALUES (1, 'x'), (2, 'x');
INSERT INTO b VALUES (1, 'x'), (2, 'x');
INSERT INTO c VALUES (1, 'x'), (2, 'x');
