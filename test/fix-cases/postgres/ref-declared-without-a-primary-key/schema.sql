-- Nothing says what the reference would hold.
CREATE TABLE event (kind text NOT NULL, data text);
CREATE TABLE log (id int PRIMARY KEY, event text);
INSERT INTO event VALUES ('a', NULL), ('a', NULL);
