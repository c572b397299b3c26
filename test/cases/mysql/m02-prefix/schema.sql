CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) NOT NULL, UNIQUE t_a_key (a(5)));
INSERT INTO t (a) VALUES ('hello1');
-- step: fails
INSERT INTO t (a) VALUES ('hello2');
