-- Most groups are equal in everything, some are not: with `stop` all of them wait, and the plan says in what they differ.
CREATE TABLE affiliate (id int PRIMARY KEY, seller int NOT NULL, buyer int NOT NULL, fee int, note varchar(40));
INSERT INTO affiliate VALUES (1, 1, 1, 5, 'x'), (2, 1, 1, 5, 'x'), (3, 1, 2, 5, 'x'), (4, 1, 2, 5, 'y'), (5, 1, 3, 5, 'x'), (6, 1, 3, 6, 'x');
