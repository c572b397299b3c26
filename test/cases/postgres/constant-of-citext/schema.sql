-- needs: extension citext
-- Equal to a constant is not the constant: kind = 'a' means 'A' too, and as text they differ.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, kind citext NOT NULL);
CREATE UNIQUE INDEX u ON t (email, (kind::text));
