-- Documents that mean the same may be different texts, where the server keeps the text.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, data json, spot point);
INSERT INTO cart VALUES (1, 'a', '{"a":1}', POINT(1, 2)), (2, 'a', '{"a": 2}', POINT(1, 3));
