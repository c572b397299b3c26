CREATE TABLE t (id bigint NOT NULL, tenant int NOT NULL, k int NOT NULL, d datetime, PRIMARY KEY (tenant, id)) PARTITION BY HASH (tenant) PARTITIONS 3;
INSERT INTO t VALUES (1, 1, 7, NULL), (2, 1, 7, NULL);
