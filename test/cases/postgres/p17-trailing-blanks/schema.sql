CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL UNIQUE, b varchar(20) NOT NULL UNIQUE);
INSERT INTO t (a, b) VALUES ('ab', 'ab'), ('ab ', 'ab ');
