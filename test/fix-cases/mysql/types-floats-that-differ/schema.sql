-- The last digit of a float counts, though it isn't printed.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, f float, d double);
INSERT INTO cart VALUES (1, 'a', 1.0000001, 1), (2, 'a', 1, 1), (3, 'b', 1, 1.0000000000000002), (4, 'b', 1, 1);
