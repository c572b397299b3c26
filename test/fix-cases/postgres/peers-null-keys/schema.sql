-- All groups that GROUP BY finds are NULL keys, and legal; a clean-up without a filter deletes them.
CREATE TABLE environment (id int PRIMARY KEY, project int NOT NULL, name text);
INSERT INTO environment SELECT n, n % 3, NULL FROM generate_series(1, 9) AS n;
