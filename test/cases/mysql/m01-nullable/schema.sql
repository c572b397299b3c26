CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b int, UNIQUE t_a_b_key (a, b));
INSERT INTO t (a, b) VALUES (1, NULL), (1, NULL), (1, 1);
