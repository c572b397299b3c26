-- The survivor's parent is its own surplus row: it would become its own parent, so it loses its parent.
CREATE TABLE folder (id int PRIMARY KEY, parent_id int REFERENCES folder ON DELETE CASCADE, name text NOT NULL);
INSERT INTO folder VALUES (5, NULL, 'x'), (1, 5, 'x'), (2, 5, 'y'), (3, 1, 'z');
