-- needs: sessions
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int NOT NULL UNIQUE);
INSERT INTO t (a) VALUES (1), (2);
-- step: hold
SELECT 1;
-- step: fails
REINDEX INDEX CONCURRENTLY t_a_key;
