CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, data jsonb NOT NULL);
CREATE UNIQUE INDEX u ON t ((data ->> 'id'));
INSERT INTO t (data) VALUES ('{"id": 1}'), ('{}'), ('{}');
