-- One key set has to wait for a decision; the other one of the same table doesn't, and its rows are merged without it.
CREATE TABLE login (id int PRIMARY KEY, session varchar(40) NOT NULL, person int NOT NULL, note varchar(40));
INSERT INTO login VALUES (1, 's', 1, 'x'), (2, 's', 1, 'x'), (3, 't', 2, 'x'), (4, 'u', 2, 'y');
