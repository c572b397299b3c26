-- Rows that conflict share the key, and with it a condition on the key: no lockout.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int NOT NULL, b text NOT NULL);
CREATE UNIQUE INDEX u ON t (a);
CREATE TABLE s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL);
CREATE UNIQUE INDEX v ON s (email, lower(email));
