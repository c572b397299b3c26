-- The sentinel takes the place of a real value: a row with 0 blocks the one with NULL.
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b int, b_key int AS (COALESCE(b, 0)) VIRTUAL, UNIQUE u (a, b_key));
INSERT INTO t (a, b) VALUES (1, NULL), (1, 1);
CREATE TABLE t2 LIKE t;
-- step: fails
INSERT INTO t (a, b) VALUES (1, 0);
