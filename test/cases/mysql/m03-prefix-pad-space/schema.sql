CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_general_ci NOT NULL, UNIQUE u (a(4)));
INSERT INTO t (a) VALUES ('ab');
-- step: fails
INSERT INTO t (a) VALUES ('ab   x');
