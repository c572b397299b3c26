CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX live ON t (email) WHERE deleted_at IS NULL;
INSERT INTO t (email, deleted_at) VALUES ('a', NULL), ('a', '2020-01-01'), ('b', NULL);
