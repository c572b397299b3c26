CREATE TABLE t (id bigint, tenant int, k int NOT NULL, UNIQUE u (tenant, k)) PARTITION BY HASH (tenant) PARTITIONS 3;
INSERT INTO t VALUES (1, NULL, 7), (2, NULL, 7);
