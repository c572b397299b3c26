-- As P1.
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b int NOT NULL, UNIQUE u (a));
INSERT INTO t (a, b) VALUES (1, 1);
-- step: fails
INSERT INTO t (a, b) VALUES (1, 2);
