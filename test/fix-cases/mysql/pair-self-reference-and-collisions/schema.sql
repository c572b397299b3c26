-- Folders merge down the tree, and the files in them collide; the tree cascades.
CREATE TABLE folder (id int PRIMARY KEY, parent_id int, name varchar(40) NOT NULL, FOREIGN KEY (parent_id) REFERENCES folder (id) ON DELETE CASCADE);
CREATE TABLE file (id int PRIMARY KEY, folder_id int NOT NULL, name varchar(40), bytes int, UNIQUE (folder_id, name), FOREIGN KEY (folder_id) REFERENCES folder (id) ON DELETE CASCADE);
INSERT INTO folder VALUES (1, NULL, 'r'), (2, 1, 'a'), (3, 1, 'a'), (4, 2, 'b'), (5, 3, 'b');
INSERT INTO file VALUES (1, 4, 'f', 1), (2, 5, 'f', 2), (3, 5, 'g', 4), (4, 2, 'f', 8), (5, 3, 'f', 16);
