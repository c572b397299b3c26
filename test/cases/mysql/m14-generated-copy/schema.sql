-- A copy under another collation compares by that one.
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(40) COLLATE utf8mb4_unicode_ci NOT NULL, b varchar(40) COLLATE utf8mb4_bin NOT NULL, a_bin varchar(40) COLLATE utf8mb4_bin AS (a) VIRTUAL, UNIQUE u (a_bin));
INSERT INTO t (a, b) VALUES ('A', 'A'), ('a', 'a');
