-- Friendships hold two references to the same table; some become equal, one becomes a friendship with oneself.
CREATE TABLE person (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE friendship (id int PRIMARY KEY, a int NOT NULL REFERENCES person, b int REFERENCES person, UNIQUE (a, b));
INSERT INTO person VALUES (1, 'x'), (2, 'x'), (3, 'y'), (4, 'y');
INSERT INTO friendship VALUES (1, 1, 3), (2, 2, 4), (3, 1, 4), (4, 3, 1), (5, 1, 2), (6, 2, NULL);
