-- needs: extension btree_gist
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int NOT NULL, b int NOT NULL, CONSTRAINT x EXCLUDE USING gist (a WITH =, b WITH =));
