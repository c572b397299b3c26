-- The predicate leaves out NULL, and status other than x: nothing has to protect them.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, status text);
CREATE UNIQUE INDEX u ON t (a);
CREATE TABLE s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, status text NOT NULL);
CREATE UNIQUE INDEX x ON s (status) WHERE status = 'x';
CREATE UNIQUE INDEX v ON s (status) WHERE status <> 'x';
