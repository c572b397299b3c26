CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, f double precision NOT NULL);
INSERT INTO t (f) VALUES ('NaN'), ('NaN'), (0.0), ('-0.0'), (1);
