CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, s varchar(20) NOT NULL, UNIQUE u (s));
INSERT INTO t (s) VALUES ('1'), ('01'), ('1abc');
