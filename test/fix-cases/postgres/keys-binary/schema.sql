-- The lookup compares bytes, the column's own collation doesn't: what the column calls equal are two keys.
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE person (id int PRIMARY KEY, email text COLLATE ci NOT NULL);
INSERT INTO person VALUES (1, 'a'), (2, 'A'), (3, 'a');
