-- A char column in an indexed expression depends on PAD_CHAR_TO_FULL_LENGTH: MariaDB refuses it there.
CREATE TABLE t (id int PRIMARY KEY, c char(8) COLLATE utf8mb4_bin, gone datetime, kind char(4) NOT NULL COLLATE utf8mb4_general_ci);
INSERT INTO t VALUES (1, 'a', NULL, 'x'), (2, 'A', NULL, 'x'), (3, NULL, NULL, 'x'), (4, NULL, NULL, 'X');
