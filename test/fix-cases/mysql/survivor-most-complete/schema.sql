-- The fewest NULLs win; of equals the oldest.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, x varchar(40), y varchar(40));
INSERT INTO cart VALUES (1, 'a', NULL, NULL), (2, 'a', 'x', 'y'), (3, 'a', 'p', 'q'), (4, 'b', NULL, 'y'), (5, 'b', 'x', NULL);
