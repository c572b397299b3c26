-- needs: mysql
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, deleted_at datetime, UNIQUE u (email, (IF(deleted_at IS NULL, 1, NULL))));
INSERT INTO t (email, deleted_at) VALUES ('a', NULL), ('a', '2020-01-01'), ('a', '2020-01-02');
