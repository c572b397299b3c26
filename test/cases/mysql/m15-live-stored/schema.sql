CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, deleted_at datetime, live tinyint(1) AS (IF(deleted_at IS NULL, 1, NULL)) STORED, UNIQUE u (email, live));
INSERT INTO t (email, deleted_at) VALUES ('a', NULL), ('a', '2020-01-01'), ('a', '2020-01-02'), ('b', NULL);
-- step: fails
INSERT INTO t (email, deleted_at) VALUES ('b', NULL);
