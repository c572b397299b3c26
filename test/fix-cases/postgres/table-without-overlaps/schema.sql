-- A temporal key: several rows of one number are legal, and are not merged because of it.
CREATE EXTENSION btree_gist;
CREATE TABLE room (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE price (room_id int REFERENCES room, during int4range, amount int, PRIMARY KEY (room_id, during WITHOUT OVERLAPS));
INSERT INTO room VALUES (1, 'a'), (2, 'a');
INSERT INTO price VALUES (1, '[1,5)', 1), (1, '[5,7)', 2), (2, '[7,9)', 3);
