-- needs: mysql
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(2000) COLLATE utf8mb4_0900_ai_ci NOT NULL, b text COLLATE utf8mb4_0900_as_cs NOT NULL, c text COLLATE utf8mb4_0900_bin NOT NULL);
INSERT INTO t (a, b, c) VALUES ('É', 'x', 'x'), ('e', 'x ', 'x');
