CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b int, deleted_at datetime, live tinyint(1) AS (IF(deleted_at IS NULL, 1, NULL)) VIRTUAL, UNIQUE u (a, live));
CREATE VIEW v AS SELECT id, a AS x, b FROM t WHERE deleted_at IS NULL;
CREATE VIEW w AS SELECT a, count(*) AS n FROM t GROUP BY a;
