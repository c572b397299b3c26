CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX live ON t (email) WHERE deleted_at IS NULL;
CREATE VIEW v AS SELECT id AS number, email AS address FROM t WHERE deleted_at IS NULL;
CREATE VIEW everything AS SELECT * FROM t;
CREATE VIEW nested AS SELECT address AS a FROM v WHERE number > 0;
INSERT INTO t (email, deleted_at) VALUES ('a', NULL), ('a', '2020-01-01');
