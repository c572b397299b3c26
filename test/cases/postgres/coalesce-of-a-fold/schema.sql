-- COALESCE compares values as the column does, and takes NULL for one of them.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text);
CREATE UNIQUE INDEX u ON t (COALESCE(email, ''));
CREATE TABLE s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code char(4) NOT NULL);
CREATE UNIQUE INDEX v ON s (COALESCE(code, ''));
