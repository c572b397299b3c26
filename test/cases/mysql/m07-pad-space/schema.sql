CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE utf8mb4_general_ci NOT NULL, b varbinary(20) NOT NULL, c char(20) NOT NULL, UNIQUE u (a), UNIQUE v (b), UNIQUE w (c));
INSERT INTO t (a, b, c) VALUES ('ab', 'ab', 'ab'), ('c', 'ab ', 'c');
-- step: fails
INSERT INTO t (a, b, c) VALUES ('ab ', 'd', 'd');
-- step: fails
INSERT INTO t (a, b, c) VALUES ('d', 'd', 'ab ');
