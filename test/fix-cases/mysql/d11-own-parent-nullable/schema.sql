-- The survivor's parent is its own surplus row: it would become its own parent, so it loses its parent.
CREATE TABLE folder (id int PRIMARY KEY, parent_id int, name varchar(40) NOT NULL, FOREIGN KEY (parent_id) REFERENCES folder (id) ON DELETE CASCADE);
INSERT INTO folder VALUES (5, NULL, 'x'), (1, 5, 'x'), (2, 5, 'y'), (3, 1, 'z');
