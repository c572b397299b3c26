CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_unicode_ci NOT NULL);
INSERT INTO t (a) VALUES ('A'), ('a'), ('a');
