-- json keeps spaces, the order of keys and repeated ones; two of them that mean the same are different texts.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, data json);
INSERT INTO cart VALUES (1, 'a', '{"b":1,  "a":1, "b":2}'), (2, 'a', '{"b":1,  "a":1, "b":2}'), (3, 'b', '{}'), (4, 'c', NULL), (5, 'c', NULL);
