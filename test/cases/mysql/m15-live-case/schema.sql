CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, deleted_at datetime, live tinyint(1) AS (CASE WHEN deleted_at IS NULL THEN 1 END) VIRTUAL, UNIQUE u (email, live));
