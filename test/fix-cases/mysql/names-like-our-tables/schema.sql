-- Tables of the application have the names that temporary ones of the migration get, and would be hidden by them.
CREATE TABLE goc_map_0 (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE goc_now_1 (id int PRIMARY KEY, base int, FOREIGN KEY (base) REFERENCES goc_map_0 (id));
CREATE TABLE goc_moved_0 (id int PRIMARY KEY);
CREATE TABLE t0 (id int PRIMARY KEY);
INSERT INTO goc_map_0 VALUES (1, 'a'), (2, 'a');
INSERT INTO goc_now_1 VALUES (1, 2);
INSERT INTO goc_moved_0 VALUES (1);
