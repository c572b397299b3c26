-- lower(email) written as an expression is email matched by lower().
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL);
CREATE UNIQUE INDEX u ON t (upper(email));
