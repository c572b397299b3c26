-- MariaDB keeps the text of a document with its blanks and repeated keys.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, data json);
INSERT INTO cart VALUES (1, 'a', '{"b":1,  "a":1, "b":2}'), (2, 'a', '{"b":1,  "a":1, "b":2}'), (3, 'b', '{}'), (4, 'c', NULL), (5, 'c', NULL);
