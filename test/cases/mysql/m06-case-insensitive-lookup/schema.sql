CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_bin NOT NULL, UNIQUE u (a));
INSERT INTO t (a) VALUES ('A'), ('a');
