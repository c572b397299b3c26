-- As P6: the index holds deleted rows too.
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, deleted_at datetime, UNIQUE u (email));
INSERT INTO t (email, deleted_at) VALUES ('a', '2020-01-01');
-- step: fails
INSERT INTO t (email) VALUES ('a');
