-- The fewest NULLs win; of equals the oldest.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, x text, y text);
INSERT INTO cart VALUES (1, 'a', NULL, NULL), (2, 'a', 'x', 'y'), (3, 'a', 'p', 'q'), (4, 'b', NULL, 'y'), (5, 'b', 'x', NULL);
