-- Policies count for groups that are equal in everything, too: a sum sums.
CREATE TABLE counter (id int PRIMARY KEY, name varchar(40) NOT NULL, hits int NOT NULL);
INSERT INTO counter VALUES (1, 'a', 5), (2, 'a', 5), (3, 'a', 5);
