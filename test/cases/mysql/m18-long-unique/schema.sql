-- needs: mariadb
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a text COLLATE utf8mb4_unicode_ci NOT NULL, UNIQUE u (a));
INSERT INTO t (a) VALUES ('ab');
-- step: fails
INSERT INTO t (a) VALUES ('AB ');
