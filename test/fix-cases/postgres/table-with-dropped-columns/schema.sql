-- Columns that were dropped leave gaps, and the order of the others differs from partition to partition.
CREATE TABLE cart (gone int, id int PRIMARY KEY, gone_too text, session text NOT NULL, note text);
INSERT INTO cart VALUES (1, 1, 'x', 'a', 'n'), (1, 2, 'x', 'a', 'n');
ALTER TABLE cart DROP gone, DROP gone_too, ADD late text DEFAULT 'later';
CREATE TABLE item (gone int, cart_id int REFERENCES cart, id int);
ALTER TABLE item DROP gone;
INSERT INTO item VALUES (2, 1);
