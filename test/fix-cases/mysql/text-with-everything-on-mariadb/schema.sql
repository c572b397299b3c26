-- MariaDB fails here, before a row is touched.
-- Quotes, backslashes, semicolons, line feeds, comments and percent signs in values, conditions and definitions.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) COLLATE utf8mb4_bin NOT NULL COMMENT 'it''s; -- here', kind varchar(40) DEFAULT 'a''b;\\', note varchar(80));
CREATE TABLE log (id int PRIMARY KEY, kind varchar(40), object varchar(40));
INSERT INTO cart VALUES (1, 'it''s; \\', 'k\\;''', '100 % -- \n/* ? */ "'), (2, 'it''s; \\', 'k\\;''', '100 % -- \n/* ? */ "'), (3, 'it''s; \\', 'other', ''), (4, 'it''s; \\', 'other', '');
INSERT INTO log VALUES (1, 'a;''\\', '2'), (2, 'b', '2');
