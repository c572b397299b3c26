CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) NOT NULL, UNIQUE u (a));
INSERT INTO t (a) VALUES ('Resume');
-- step: fails
INSERT INTO t (a) VALUES ('RÉSUMÉ');
