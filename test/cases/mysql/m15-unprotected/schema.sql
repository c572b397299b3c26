CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, deleted_at datetime, status varchar(10) NOT NULL, n int);
INSERT INTO t (email, deleted_at, status) VALUES ('a', NULL, 'x'), ('A', NULL, 'x'), ('a', '2020-01-01', 'x');
