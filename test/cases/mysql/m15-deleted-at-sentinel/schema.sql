-- Deleted rows keep their own moment, living ones share a date that no deletion has.
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL, deleted_at datetime, gone int AS (IF(deleted_at IS NULL, 0, YEAR(deleted_at))) VIRTUAL, UNIQUE u (email, gone));
INSERT INTO t (email, deleted_at) VALUES ('a', NULL), ('a', '2020-01-01');
