CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, active tinyint(1) NOT NULL, live tinyint(1) AS (NULLIF(active, 0)) VIRTUAL, UNIQUE u (email, live));
INSERT INTO t (email, active) VALUES ('a', 1), ('a', 0), ('a', 0);
