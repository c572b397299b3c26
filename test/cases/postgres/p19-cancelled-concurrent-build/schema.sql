-- Enforcing, but no arbiter: the build was cancelled while it waited for an older snapshot.
-- needs: sessions
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int NOT NULL);
INSERT INTO t (a) VALUES (1), (2);
-- step: hold
SELECT 1;
-- step: fails
CREATE UNIQUE INDEX CONCURRENTLY u ON t (a);
