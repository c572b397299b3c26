CREATE TYPE pair AS (x numeric, y int);
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, p pair NOT NULL);
CREATE UNIQUE INDEX u ON t (p record_image_ops);
INSERT INTO t (p) VALUES (ROW(1.0, 1)), (ROW(1.00, 1));
