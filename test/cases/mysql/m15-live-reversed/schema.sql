CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, deleted_at datetime, live tinyint(1) AS (IF(deleted_at IS NOT NULL, NULL, 1)) VIRTUAL, UNIQUE u (email, live));
