-- Columns whose names begin with goc_ could be mixed up with those of the migration.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, goc_oid int);
INSERT INTO cart VALUES (1, 'a', 1), (2, 'a', 1);
