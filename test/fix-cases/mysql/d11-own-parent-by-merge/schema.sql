-- What is merged is the parent: the survivor would get the one of its surplus row, which is the survivor.
CREATE TABLE folder (id int PRIMARY KEY, parent_id int, name varchar(40) NOT NULL, FOREIGN KEY (parent_id) REFERENCES folder (id));
INSERT INTO folder VALUES (1, NULL, 'x'), (2, 1, 'x'), (3, 2, 'y');
