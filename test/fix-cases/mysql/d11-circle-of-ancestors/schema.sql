-- 1 has the parent 2, whose parent is 3, a surplus row of 1: merged, 1 and 2 would be above each other.
CREATE TABLE folder (id int PRIMARY KEY, parent_id int, name varchar(40) NOT NULL, FOREIGN KEY (parent_id) REFERENCES folder (id));
INSERT INTO folder VALUES (3, NULL, 'x'), (2, 3, 'y'), (1, 2, 'x');
