-- needs: icu
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL UNIQUE, b text COLLATE ci NOT NULL);
INSERT INTO t (a, b) VALUES (U&'\00e9', U&'\00e9'), (U&'e\0301', U&'e\0301');
