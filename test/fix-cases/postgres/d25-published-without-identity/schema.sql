-- A published table whose rows replication can't name: no row of it can be removed.
CREATE TABLE event (kind text NOT NULL);
INSERT INTO event VALUES ('a'), ('a');
CREATE PUBLICATION for_the_warehouse FOR TABLE event;
