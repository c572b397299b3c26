-- Before PostgreSQL 15 that takes an index for each way of being NULL.
CREATE TABLE cart (id int PRIMARY KEY, tenant int, session text);
INSERT INTO cart VALUES (1, 1, 'a'), (2, 1, 'a'), (3, NULL, 'a'), (4, NULL, 'a'), (5, NULL, NULL), (6, NULL, NULL), (7, 1, NULL), (8, 1, NULL), (9, 2, NULL);
