-- Equal stamps decide nothing, so that the primary key does; a default that points to the row that goes is repointed.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, updated_at timestamp);
CREATE TABLE setting (id int PRIMARY KEY, default_cart int REFERENCES cart);
INSERT INTO cart VALUES (2, 'a', '2026-01-01'), (1, 'a', '2026-01-01'), (3, 'a', '2025-01-01'), (4, 'b', NULL), (5, 'b', '2026-01-01');
INSERT INTO setting VALUES (1, 2), (2, 4);
