CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(40) COLLATE utf8mb4_bin NOT NULL, a_lower varchar(40) COLLATE utf8mb4_bin AS (LOWER(a)) STORED, UNIQUE u (a_lower));
INSERT INTO t (a) VALUES ('Ann');
-- step: fails
INSERT INTO t (a) VALUES ('ann');
