-- The session that runs the files reads SQL in its own way.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) COLLATE utf8mb4_bin NOT NULL, f double, larger boolean GENERATED ALWAYS AS (f > 1) STORED, note varchar(40), at timestamp NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int, note varchar(40), FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart (id, session, f, note, at) VALUES (1, 'a', 1, 'back\\slash''s', '2026-10-25 00:30:00'), (2, 'a', 1.0000000000000002, 'back\\slash''s', '2026-10-25 00:30:00'), (3, 'b', 5, '', NULL);
INSERT INTO item VALUES (1, 2, 'back\\slash'), (2, 1, '''');
