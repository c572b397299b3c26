-- A table of the application has the name that a temporary one of the migration would get.
CREATE TABLE goc_map_0 (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE goc_base_0 (id int PRIMARY KEY);
CREATE TABLE goc_before (id int PRIMARY KEY, base int REFERENCES goc_map_0);
INSERT INTO goc_map_0 VALUES (1, 'a'), (2, 'a');
INSERT INTO goc_base_0 VALUES (1);
INSERT INTO goc_before VALUES (1, 2);
