-- An equality to a constant counts as a looked-up column.
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, site_id int NOT NULL, slug text NOT NULL, kind varchar(9) NOT NULL, UNIQUE (site_id, slug));
CREATE UNIQUE INDEX k ON t (kind, slug);
