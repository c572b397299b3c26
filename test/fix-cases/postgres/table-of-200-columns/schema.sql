-- More columns than a function takes arguments.
CREATE TABLE wide (id int PRIMARY KEY, session text NOT NULL);
DO $$BEGIN
  EXECUTE 'ALTER TABLE wide ' || (SELECT string_agg(format('ADD c%s int', n), ', ') FROM generate_series(1, 200) AS n);
END$$;
CREATE TABLE item (id int PRIMARY KEY, wide_id int REFERENCES wide);
INSERT INTO wide (id, session, c150) VALUES (1, 'a', NULL), (2, 'a', 7), (3, 'a', NULL);
INSERT INTO item VALUES (1, 3);
