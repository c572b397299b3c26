CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_unicode_ci NOT NULL, b varchar(20) COLLATE utf8mb4_bin NOT NULL, UNIQUE u (a), UNIQUE v (b));
INSERT INTO t (a, b) VALUES ('ss', 'ab');
-- step: fails
INSERT INTO t (a, b) VALUES ('ß', 'c');
-- step: fails
INSERT INTO t (a, b) VALUES ('c', 'ab ');
