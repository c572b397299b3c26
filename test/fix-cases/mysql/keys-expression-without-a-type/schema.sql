-- Without indexes over expressions, a column would have to hold the key, and nothing says of which type.
CREATE TABLE event (id int PRIMARY KEY, data json NOT NULL);
INSERT INTO event VALUES (1, '{"id": "x"}'), (2, '{"id": "x", "more": 1}'), (3, '{"id": "y"}'), (4, '{}'), (5, '{}');
