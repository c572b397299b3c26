-- A condition that is NULL where b IS NULL is not implied by b IS NULL.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b text);
CREATE UNIQUE INDEX u ON t ((b IS NULL)) WHERE lower(b) = 'a';
CREATE TABLE s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, flag boolean);
CREATE UNIQUE INDEX v ON s (flag) WHERE flag;
