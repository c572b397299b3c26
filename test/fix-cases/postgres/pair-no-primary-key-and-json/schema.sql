-- Rows without a primary key that hold json, which has no equality: they are known by where they are.
CREATE TABLE event (kind text NOT NULL, data json);
INSERT INTO event VALUES ('a', '{"x": 1}'), ('a', '{"x": 1}'), ('b', NULL), ('b', NULL), ('c', '{}');
