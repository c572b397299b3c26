CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text, active boolean, kind int, status text NOT NULL);
CREATE UNIQUE INDEX u1 ON t (email) WHERE email IS NOT NULL AND kind IS NULL;
CREATE UNIQUE INDEX u2 ON t (email, kind) WHERE active;
CREATE TABLE s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind int NOT NULL, status text NOT NULL);
CREATE UNIQUE INDEX u3 ON s (kind) WHERE status IN ('a', 'b');
