-- Nothing can make a key unique that doesn't hold the partitioning column.
CREATE TABLE cart (tenant int, id int, session text NOT NULL, PRIMARY KEY (tenant, id)) PARTITION BY LIST (tenant);
CREATE TABLE cart_1 PARTITION OF cart FOR VALUES IN (1, 2);
INSERT INTO cart VALUES (1, 1, 'a'), (2, 2, 'a');
