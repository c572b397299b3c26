CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b int, b_key int AS (IFNULL(b, 0)) VIRTUAL, b_null tinyint(1) AS (b IS NULL) VIRTUAL, UNIQUE u (a, b_key, b_null));
INSERT INTO t (a, b) VALUES (1, NULL), (1, 0), (1, 1);
-- step: fails
INSERT INTO t (a, b) VALUES (1, NULL);
