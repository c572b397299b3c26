-- The lookup compares bytes, the column's own collation doesn't: what the column calls equal are two keys.
CREATE TABLE person (id int PRIMARY KEY, email varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL);
INSERT INTO person VALUES (1, 'a'), (2, 'A'), (3, 'a'), (4, 'a ');
