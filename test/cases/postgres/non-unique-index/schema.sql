-- Named like a unique index, and is none.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int NOT NULL);
CREATE INDEX uq_t_a ON t (a);
