-- Partial indexes that together cover every row the lookup can mean.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int NOT NULL, b int);
CREATE UNIQUE INDEX with_b ON t (a, b) WHERE b IS NOT NULL;
CREATE UNIQUE INDEX without_b ON t (a) WHERE b IS NULL;
