-- True, and not provable: said to be unknown.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, data bytea);
CREATE UNIQUE INDEX u ON t (email) WHERE length(email) > 0;
