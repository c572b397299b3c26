-- Rows that are equal in everything and have nothing else to be known by; their child refers to a unique column.
CREATE TABLE event (kind text, at date, n int UNIQUE);
CREATE TABLE detail (event_n int REFERENCES event (n) ON DELETE CASCADE, text text);
INSERT INTO event VALUES ('a', '2026-01-01', NULL), ('a', '2026-01-01', NULL), ('a', '2026-01-01', NULL), ('b', '2026-01-01', 4);
INSERT INTO detail VALUES (4, 'x'), (4, 'x');
