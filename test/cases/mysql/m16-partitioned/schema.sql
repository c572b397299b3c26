CREATE TABLE t (id bigint NOT NULL, tenant int NOT NULL, k int NOT NULL, PRIMARY KEY (tenant, id), UNIQUE u (tenant, k)) PARTITION BY HASH (tenant) PARTITIONS 3;
INSERT INTO t VALUES (1, 1, 7), (2, 2, 7);
