-- NULL keys are no duplicates, however many there are; a row is a duplicate only where no part of its key is NULL.
CREATE TABLE cart (id int PRIMARY KEY, tenant int, session varchar(40));
INSERT INTO cart VALUES (1, 1, NULL), (2, 1, NULL), (3, NULL, 'a'), (4, NULL, 'a'), (5, NULL, NULL), (6, NULL, NULL), (7, 1, 'a'), (8, 1, 'a');
