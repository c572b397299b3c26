-- The column's collation ignores case and accents, and calls emoji equal: what the index calls equal is merged.
CREATE TABLE tag (id int PRIMARY KEY, name varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL);
CREATE TABLE tagging (id int PRIMARY KEY, tag_id int, FOREIGN KEY (tag_id) REFERENCES tag (id));
INSERT INTO tag VALUES (1, 'Café'), (2, 'cafe'), (3, 'tea'), (4, '😀'), (5, '😁'), (6, 'tea  ');
INSERT INTO tagging VALUES (1, 2), (2, 3), (3, 5), (4, 6);
