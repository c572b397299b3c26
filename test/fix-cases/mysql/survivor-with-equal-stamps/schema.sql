-- Equal stamps decide nothing, so that the primary key does; a default that points to the row that goes is repointed.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, updated_at datetime);
CREATE TABLE setting (id int PRIMARY KEY, default_cart int, FOREIGN KEY (default_cart) REFERENCES cart (id));
INSERT INTO cart VALUES (2, 'a', '2026-01-01'), (1, 'a', '2026-01-01'), (3, 'a', '2025-01-01'), (4, 'b', NULL), (5, 'b', '2026-01-01');
INSERT INTO setting VALUES (1, 2), (2, 4);
