-- needs: mariadb
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_general_nopad_ci NOT NULL, b varchar(20) COLLATE utf8mb4_nopad_bin NOT NULL, UNIQUE u (a), UNIQUE v (b));
INSERT INTO t (a, b) VALUES ('ab', 'ab'), ('ab ', 'ab ');
