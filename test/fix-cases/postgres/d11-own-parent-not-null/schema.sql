-- The same where a parent is required: nobody but a person can say which.
CREATE TABLE folder (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES folder, name text NOT NULL);
INSERT INTO folder VALUES (9, 9, 'root'), (5, 9, 'x'), (1, 5, 'x');
