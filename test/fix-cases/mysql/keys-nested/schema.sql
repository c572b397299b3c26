-- One key set within another: rows that the wider one merges are fewer for the narrower one.
CREATE TABLE page (id int PRIMARY KEY, site int NOT NULL, path varchar(40) NOT NULL, hits int NOT NULL);
INSERT INTO page VALUES (1, 1, '/', 1), (2, 1, '/', 2), (3, 2, '/', 4), (4, 2, '/x', 8), (5, 2, '/x', 16);
