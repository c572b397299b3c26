-- needs: mysql
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, UNIQUE u (a) INVISIBLE);
INSERT INTO t (a) VALUES (1);
-- step: fails
INSERT INTO t (a) VALUES (1);
