-- A narrower unique key exists: the lookup misses, the INSERT raises.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int NOT NULL, b int NOT NULL, UNIQUE (a));
