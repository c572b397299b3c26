-- Dates that strict sessions don't let in: they are merged, archived and restored all the same.
SET sql_mode = 'ALLOW_INVALID_DATES';
CREATE TABLE cart (id int PRIMARY KEY, day date NOT NULL, created_at datetime NOT NULL, stamp timestamp NOT NULL DEFAULT '0000-00-00 00:00:00');
CREATE TABLE item (id int PRIMARY KEY, cart_id int, due date DEFAULT '0000-00-00', FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, '0000-00-00', '2026-01-00 00:00:00', '0000-00-00 00:00:00'), (2, '0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00'), (3, '2026-02-30', '2026-01-01', '2026-01-01'), (4, '2026-02-30', '2026-01-01', '2026-01-01');
INSERT INTO item VALUES (1, 2, '0000-00-00'), (2, 4, '2026-00-01');
