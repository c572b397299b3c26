CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, status varchar(10) NOT NULL, open_flag tinyint(1) AS (IF(status = 'open', 1, NULL)) VIRTUAL, UNIQUE u (email, open_flag));
INSERT INTO t (email, status) VALUES ('a', 'open'), ('a', 'done'), ('a', 'done');
