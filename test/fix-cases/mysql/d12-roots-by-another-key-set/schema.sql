-- The roots are merged by a key set of their own (names of roots are unique), and the other one follows.
CREATE TABLE folder (id int PRIMARY KEY, parent_id int, name varchar(40) NOT NULL, FOREIGN KEY (parent_id) REFERENCES folder (id));
INSERT INTO folder VALUES (1, NULL, 'r'), (2, NULL, 'r'), (3, 1, 'a'), (4, 2, 'a'), (5, 2, 'b'), (6, 3, 'r'), (7, 4, 'r');
