-- Values of every kind go into the archive and come back as they were, to the last digit and byte.
SET sql_mode = '';
CREATE TABLE thing (id bigint unsigned PRIMARY KEY, code varchar(10) NOT NULL, b bit(11), t tinyint, small decimal(30,10), f float, d double, e enum('x','y z','''') , s set('a','b','c'),
  y year, da date, ti time(6), dt datetime(6), ts timestamp(6) NULL, fixed binary(4), vary varbinary(9), bl blob, doc json, latin varchar(20) CHARACTER SET latin1, c char(5), long_text mediumtext,
  p point, nothing text, z date, big bigint unsigned);
INSERT INTO thing SELECT n, 'x', b'10000000001', -128, 12345678901234567890.0123456789, 0.1, 1.0000000000000002, '''', 'a,c', 2026, '9999-12-31', '-838:59:58.000001', '2026-10-25 02:30:00.000001',
  '2026-10-25 00:30:00.000001', 'a', x'00ff', x'5c27220a00', '{"a": "x", "b": [1.5, null]}', 'Grüße', 'ab  ', 'a\\b''"\n😀', ST_GeomFromText('POINT(0.1 1e300)'), NULL, '0000-00-00', 18446744073709551615
  FROM (SELECT 18446744073709551613 AS n UNION ALL SELECT 18446744073709551614 UNION ALL SELECT 18446744073709551615) AS numbers;
CREATE TABLE child (id int PRIMARY KEY, thing_id bigint unsigned, FOREIGN KEY (thing_id) REFERENCES thing (id) ON DELETE CASCADE);
INSERT INTO child VALUES (1, 18446744073709551613), (2, 18446744073709551615);
