-- needs: mysql
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(40) COLLATE utf8mb4_bin NOT NULL, b varchar(40) NOT NULL, UNIQUE u ((LOWER(a))), UNIQUE v ((LOWER(b))));
INSERT INTO t (a, b) VALUES ('Ann', 'Ann');
-- step: fails
INSERT INTO t (a, b) VALUES ('ann', 'bob');
-- step: fails
INSERT INTO t (a, b) VALUES ('bob', 'ann');
