CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, f float NOT NULL, d double NOT NULL, UNIQUE u (f), UNIQUE v (d));
INSERT INTO t (f, d) VALUES (0.1, 0.1);
-- step: fails
INSERT INTO t (f, d) VALUES (0.1, 0.2);
