CREATE TABLE t (a int NOT NULL, b int);
INSERT INTO t VALUES (1, 1), (1, 2);
