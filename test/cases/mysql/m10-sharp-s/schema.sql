CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_general_ci NOT NULL, b varchar(20) COLLATE utf8mb4_unicode_ci NOT NULL);
INSERT INTO t (a, b) VALUES ('ß', 'ß'), ('s', 's'), ('ss', 'ss');
