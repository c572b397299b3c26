-- The column's collation ignores case and accents: what the constraint calls equal is merged, and the spelling that is lost is archived.
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
CREATE TABLE tag (id int PRIMARY KEY, name text COLLATE ci NOT NULL);
CREATE TABLE tagging (id int PRIMARY KEY, tag_name text COLLATE ci, tag_id int REFERENCES tag);
INSERT INTO tag VALUES (1, 'Café'), (2, 'cafe'), (3, 'tea');
INSERT INTO tagging VALUES (1, 'cafe', 2), (2, 'tea', 3);
