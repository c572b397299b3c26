-- Rows that nobody can decide about have come since.
CREATE TABLE folder (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES folder, name text NOT NULL);
INSERT INTO folder VALUES (9, 9, 'root'), (1, 9, 'x'), (5, 9, 'x');
