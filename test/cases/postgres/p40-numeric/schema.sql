-- 1.0 and 1.00 are one key.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n numeric NOT NULL);
INSERT INTO t (n) VALUES (1.0), (1.00), (2);
