CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, d datetime NOT NULL, s varchar(20) COLLATE utf8mb4_bin NOT NULL);
