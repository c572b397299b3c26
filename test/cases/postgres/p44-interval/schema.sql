CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, i interval NOT NULL);
INSERT INTO t (i) VALUES ('30 days'), ('1 month'), ('720 hours'), ('1 day');
