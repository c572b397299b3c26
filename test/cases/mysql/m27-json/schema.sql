-- needs: mariadb
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, j json NOT NULL, UNIQUE u (j));
INSERT INTO t (j) VALUES ('{"a": 1}'), ('{"a":1}');
