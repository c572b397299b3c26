CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, d decimal(5,2) NOT NULL, e enum('a','b') NOT NULL, s set('x','y') NOT NULL, b bit(4) NOT NULL, n binary(4) NOT NULL, UNIQUE d (d), UNIQUE e (e), UNIQUE s (s), UNIQUE b (b), UNIQUE n (n));
INSERT INTO t (d, e, s, b, n) VALUES (1.1, 'a', 'x,y', b'101', 'ab'), (0, 'b', 'x', b'1', 'b');
-- step: fails
INSERT INTO t (d, e, s, b, n) VALUES (1.10, 'b', 'y', b'11', 'c');
-- step: fails
INSERT INTO t (d, e, s, b, n) VALUES (3, 'A', 'y', b'11', 'c');
-- step: fails
INSERT INTO t (d, e, s, b, n) VALUES (3, 'b', 'y,x', b'11', 'c');
-- step: fails
INSERT INTO t (d, e, s, b, n) VALUES (-0.0, 'b', 'y', b'11', 'c');
-- step: fails
INSERT INTO t (d, e, s, b, n) VALUES (3, 'b', 'y', b'11', 0x61620000);
