CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, j jsonb NOT NULL);
INSERT INTO t (j) VALUES ('{"a": 1, "b": 2}'), ('{"b": 2, "a": 1.0}'), ('{}');
