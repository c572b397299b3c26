CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, deleted_at datetime, live_email varchar(40) AS (IF(deleted_at IS NULL, email, NULL)) VIRTUAL, UNIQUE u (live_email));
INSERT INTO t (email, deleted_at) VALUES ('a', NULL), ('a', '2020-01-01');
