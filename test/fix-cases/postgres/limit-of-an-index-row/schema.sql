-- A key too long for an index: the migration fails, and nothing has happened.
CREATE TABLE page (id int PRIMARY KEY, url text NOT NULL);
INSERT INTO page SELECT n, (SELECT string_agg(md5(m::text), '') FROM generate_series(1, 400) AS m) FROM generate_series(1, 2) AS n;
