CREATE TABLE t (id int PRIMARY KEY, at datetime(3) NOT NULL, day date AS (at) VIRTUAL, price decimal(8,2) NOT NULL, whole int AS (price) VIRTUAL, exact decimal(10,2) AS (price) VIRTUAL, UNIQUE (day), UNIQUE (whole), UNIQUE (exact));
INSERT INTO t (id, at, price) VALUES (1, '2020-01-01 10:00:00', 1.20), (2, '2020-01-02 10:00:00', 2.20);
-- step: fails
INSERT INTO t (id, at, price) VALUES (3, '2020-01-01 11:00:00', 9);
-- step: fails
INSERT INTO t (id, at, price) VALUES (3, '2020-01-05 11:00:00', 1.30);
