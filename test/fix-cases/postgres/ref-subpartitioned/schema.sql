-- A partition is partitioned again, by a column that the key doesn't hold.
CREATE TABLE cart (tenant int, id int, session text NOT NULL, PRIMARY KEY (tenant, id)) PARTITION BY LIST (tenant);
CREATE TABLE cart_1 PARTITION OF cart FOR VALUES IN (1);
CREATE TABLE cart_2 PARTITION OF cart FOR VALUES IN (2) PARTITION BY RANGE (id);
CREATE TABLE cart_2_low PARTITION OF cart_2 FOR VALUES FROM (0) TO (10);
INSERT INTO cart VALUES (1, 1, 'a'), (1, 2, 'a');
