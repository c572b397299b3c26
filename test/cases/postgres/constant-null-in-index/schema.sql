-- For the rows that the lookup means, the expression is NULL, and NULLs are distinct.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, flag boolean NOT NULL);
CREATE UNIQUE INDEX u ON t (email, (CASE WHEN flag THEN 1 END));
