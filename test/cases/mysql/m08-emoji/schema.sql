CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_general_ci NOT NULL, b varchar(20) COLLATE utf8mb4_unicode_520_ci NOT NULL, UNIQUE u (a), UNIQUE v (b));
INSERT INTO t (a, b) VALUES ('😀', '😀'), ('x', '😁');
-- step: fails
INSERT INTO t (a, b) VALUES ('😁', 'x');
