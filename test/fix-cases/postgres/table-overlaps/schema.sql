-- Ranges that overlap once their parents are merged: no grouping tells which goes, so that the migration fails and nothing happens.
CREATE EXTENSION btree_gist;
CREATE TABLE room (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE booking (id int PRIMARY KEY, room_id int REFERENCES room, during int4range, EXCLUDE USING gist (room_id WITH =, during WITH &&));
INSERT INTO room VALUES (1, 'a'), (2, 'a');
INSERT INTO booking VALUES (1, 1, '[1,5)'), (2, 2, '[3,7)');
