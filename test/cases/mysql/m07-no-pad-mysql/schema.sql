-- needs: mysql
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_0900_ai_ci NOT NULL, b varchar(20) COLLATE utf8mb4_0900_bin NOT NULL, UNIQUE u (a), UNIQUE v (b));
INSERT INTO t (a, b) VALUES ('ab', 'ab'), ('ab ', 'ab ');
