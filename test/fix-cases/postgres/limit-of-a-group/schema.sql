-- An empty text as the key of many rows is a placeholder more often than a duplicate.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
INSERT INTO cart SELECT n, '' FROM generate_series(1, 6) AS n;
