CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, data json, spot point);
INSERT INTO cart VALUES (1, 'a', '{"a":1}', '(1,2)'), (2, 'a', '{"a": 1}', '(1,3)');
