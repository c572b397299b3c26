-- Counters of the same thing must be summed, also those without a subgroup.
CREATE TABLE counter (id int PRIMARY KEY, property varchar(40) NOT NULL, subgroup varchar(40), value bigint NOT NULL);
INSERT INTO counter VALUES (1, 'p', NULL, 10), (2, 'p', NULL, 5), (3, 'p', 'x', 1), (4, 'p', 'x', 2), (5, 'q', NULL, 7);
