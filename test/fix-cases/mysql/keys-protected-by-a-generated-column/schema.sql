-- Safe already among rows that aren't deleted, by the usual detour.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, deleted_at date, live tinyint GENERATED ALWAYS AS (IF(deleted_at IS NULL, 1, NULL)) VIRTUAL, UNIQUE KEY one_live (session, live));
CREATE TABLE person (id int PRIMARY KEY, email varchar(40) NOT NULL);
INSERT INTO cart (id, session, deleted_at) VALUES (1, 'a', '2026-01-01'), (2, 'a', '2026-01-01'), (3, 'a', NULL);
INSERT INTO person VALUES (1, 'x'), (2, 'x');
