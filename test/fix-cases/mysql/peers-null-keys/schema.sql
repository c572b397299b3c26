-- All groups that GROUP BY finds are NULL keys, and legal; a clean-up without a filter deletes them.
CREATE TABLE environment (id int PRIMARY KEY, project int NOT NULL, name varchar(40));
INSERT INTO environment VALUES (1, 1, NULL), (2, 2, NULL), (3, 0, NULL), (4, 1, NULL), (5, 2, NULL), (6, 0, NULL);
