CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL, b varchar(9) NOT NULL);
CREATE UNIQUE INDEX ua ON t (a text_pattern_ops);
CREATE UNIQUE INDEX ub ON t (b varchar_pattern_ops);
