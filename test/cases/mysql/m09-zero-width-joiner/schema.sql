CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_unicode_ci NOT NULL, UNIQUE u (a));
INSERT INTO t (a) VALUES ('');
-- step: fails
INSERT INTO t (a) VALUES (CONVERT(0xE2808D USING utf8mb4));
