-- Somebody has cleaned up and built the index by hand, after the plan was made; nothing is left to do.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
