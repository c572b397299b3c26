-- Values of every kind go into the archive and come back as they were, to the last digit.
CREATE SCHEMA kinds;
CREATE DOMAIN kinds.code AS text COLLATE "C" CHECK (VALUE ~ '^[a-z]') NOT NULL;
CREATE TYPE kinds.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE kinds.pair AS (a int, b text);
CREATE TABLE thing (id int PRIMARY KEY, code kinds.code, mood kinds.mood, moods kinds.mood[], pair kinds.pair, pairs kinds.pair[],
  grid int[][], texts text[], n numeric, small numeric(10,4), f float8, r real, b bytea, d date, ts timestamp, tz timestamptz,
  iv interval, span tstzrange, ids int4multirange, doc jsonb, raw json, ip inet, bits bit(3), p point, who regclass, v tsvector, u uuid, m money,
  c char(5), nothing text);
INSERT INTO thing SELECT n, 'x', 'ok', '{sad,NULL}', '(1,"a,b")', ARRAY[ROW(1, 'q"')::kinds.pair, NULL], '{{1,2},{3,4}}', '{"a,b",NULL,"",NULL}',
  'NaN', 1.5, '-0', 'Infinity', '\x00ff', '-infinity', 'infinity', '2026-01-01 00:00:00.000001+00', '1 mon -3 days 00:00:01', '[2026-01-01,)',
  '{[1,3),[5,7)}', '{"b": 1, "a": [1.50, null]}', '{"b":1, "a":2,"b":3}', '10.0.0.1/8', B'101', '(0.1,1e300)', 'thing', 'a:1 b:2',
  '00000000-0000-0000-0000-000000000001', '1.00', 'ab', NULL FROM generate_series(1, 3) AS n;
CREATE TABLE child (id int PRIMARY KEY, thing_id int REFERENCES thing ON DELETE CASCADE);
INSERT INTO child VALUES (1, 1), (2, 3);
