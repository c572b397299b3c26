-- Friendships hold two references to the same table; some become equal, one becomes a friendship with oneself.
CREATE TABLE person (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE friendship (id int PRIMARY KEY, a int NOT NULL, b int, UNIQUE (a, b), FOREIGN KEY (a) REFERENCES person (id), FOREIGN KEY (b) REFERENCES person (id));
INSERT INTO person VALUES (1, 'x'), (2, 'x'), (3, 'y'), (4, 'y');
INSERT INTO friendship VALUES (1, 1, 3), (2, 2, 4), (3, 1, 4), (4, 3, 1), (5, 1, 2), (6, 2, NULL);
