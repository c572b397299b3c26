-- A declared reference of two columns, one of which is a text.
CREATE TABLE cart (tenant int, id char(36), session varchar(40) NOT NULL, PRIMARY KEY (tenant, id));
CREATE TABLE log (n int PRIMARY KEY, object varchar(40), tenant bigint);
INSERT INTO cart VALUES (1, '00000000-0000-0000-0000-000000000001', 'a'), (1, '00000000-0000-0000-0000-000000000002', 'a'), (2, '00000000-0000-0000-0000-000000000002', 'a');
INSERT INTO log VALUES (1, '00000000-0000-0000-0000-000000000002', 1), (2, '00000000-0000-0000-0000-000000000002', 2), (3, NULL, 1), (4, 'x', 1);
