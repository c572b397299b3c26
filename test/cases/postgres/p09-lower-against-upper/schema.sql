CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL);
CREATE UNIQUE INDEX u ON t (lower(email));
INSERT INTO t (email) VALUES ('ß'), ('İ'), ('ſ'), ('ς'), ('s');
