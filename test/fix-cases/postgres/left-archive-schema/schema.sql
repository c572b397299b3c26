-- The schema of the archive is there, with something of the user's in it: that stays, also after the cleanup.
CREATE SCHEMA goc_audit;
CREATE TABLE goc_audit.notes (id int PRIMARY KEY);
GRANT SELECT ON goc_audit.notes TO PUBLIC;
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
