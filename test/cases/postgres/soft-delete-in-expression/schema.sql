CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX u ON t (email, (CASE WHEN deleted_at IS NULL THEN 1 END));
