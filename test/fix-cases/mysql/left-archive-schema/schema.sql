-- The schema of the archive is there, with something of the user's in it: that stays, also after the cleanup.
CREATE DATABASE fix_archive;
CREATE TABLE fix_archive.notes (id int PRIMARY KEY);
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
