-- Unique on a function of the key: no twins, and a collision locks a key out.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, url text NOT NULL);
CREATE UNIQUE INDEX u ON t (md5(url));
