-- The session that runs the file has settings of its own; a float's last digits must not be lost because of one.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, f float8, larger boolean GENERATED ALWAYS AS (f > 1) STORED, took interval, at timestamptz);
CREATE TABLE item (cart_id int REFERENCES cart, note text, f float8);
INSERT INTO cart (id, session, f, took, at) VALUES (1, 'a', 1, '-1 day 1:00', '2026-10-25 01:30+00'), (2, 'a', 1.0000000000000002, '-1 day 1:00', '2026-10-25 01:30+00');
INSERT INTO item VALUES (2, 'back\slash', 1), (2, 'back\slash', 1.0000000000000002), (1, '''', 2);
