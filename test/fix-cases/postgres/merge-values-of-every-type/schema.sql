-- Documents, arrays, ranges, enums and values without an order; arrays of different lengths and of different bounds.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN answers AS boolean[];
CREATE DOMAIN yes AS boolean;
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, doc jsonb, raw json, tags text[], grid int[], moods mood[], mood mood, pair pair,
  pairs pair[], span int4range, at point, took interval, price money, code char(9), bits bit(3), small smallint,
  answers answers, yes yes);
INSERT INTO cart VALUES
  (1, 'a', NULL, NULL, NULL, NULL, NULL, 'sad', NULL, NULL, '[1,3)', NULL, '1 hour', '1.50', 'ab', B'001', 1, NULL, false),
  (2, 'a', '{"b": [1.0]}', '{"b":1, "a":2}', '{x,NULL,"y z"}', '{{1,2},{3,4}}', '{happy,sad}', 'happy', '(1,"q ""r""")', '{"(1,x)"}', '[5,6)', '(1,2)', '30 min', '2.25', 'cd', B'010', 2, '{t,f}', true),
  (3, 'a', '{}', '{}', '{z}', '[0:0]={5}', '{}', 'ok', '(2,)', '{}', 'empty', '(3,4)', NULL, NULL, 'ab', NULL, NULL, '{t}', NULL);
