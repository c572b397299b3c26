-- The lookup is about one site; the same names on others stay.
CREATE TABLE page (id int PRIMARY KEY, site_id int NOT NULL, path varchar(40) NOT NULL, kind varchar(40) NOT NULL);
INSERT INTO page VALUES (1, 1, '/', 'it''s'), (2, 1, '/', 'it''s'), (3, 2, '/', 'it''s'), (4, 2, '/', 'it''s'), (5, 1, '/', 'b');
