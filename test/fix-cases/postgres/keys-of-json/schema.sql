-- A type without equality can't be a key.
CREATE TABLE event (id int PRIMARY KEY, data json NOT NULL);
INSERT INTO event VALUES (1, '{}'), (2, '{}');
