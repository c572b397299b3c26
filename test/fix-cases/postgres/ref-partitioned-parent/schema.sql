-- The audited table is partitioned, and its key holds the partitioning column; a foreign key to it exists for each partition again.
CREATE TABLE cart (tenant int, id int, session text NOT NULL, PRIMARY KEY (tenant, id)) PARTITION BY LIST (tenant);
CREATE TABLE cart_1 PARTITION OF cart FOR VALUES IN (1);
CREATE TABLE cart_2 (session text NOT NULL, id int NOT NULL, tenant int NOT NULL);
ALTER TABLE cart ATTACH PARTITION cart_2 FOR VALUES IN (2, 3);
CREATE TABLE item (n int PRIMARY KEY, tenant int, cart_id int, FOREIGN KEY (tenant, cart_id) REFERENCES cart ON DELETE CASCADE);
INSERT INTO cart VALUES (1, 1, 'a'), (1, 2, 'a'), (2, 1, 'a'), (2, 11, 'a'), (3, 11, 'a');
INSERT INTO item VALUES (1, 1, 2), (2, 2, 11), (3, 3, 11);
