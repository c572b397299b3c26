-- Too long for an index: a digest of it is what is unique (M17).
CREATE TABLE page (id int PRIMARY KEY, url varchar(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, body text, UNIQUE KEY (id, url(20)));
INSERT INTO page VALUES (1, 'x', NULL), (2, 'x', NULL), (3, 'X', NULL), (4, CONCAT(REPEAT('y', 0), 'yy'), NULL);
