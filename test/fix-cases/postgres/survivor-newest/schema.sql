CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, note text);
INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', NULL), (3, 'b', 'z');
