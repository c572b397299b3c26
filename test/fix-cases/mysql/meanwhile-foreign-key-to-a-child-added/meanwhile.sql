CREATE TABLE note (id int PRIMARY KEY, item_id int, FOREIGN KEY (item_id) REFERENCES item (id) ON DELETE SET NULL);
INSERT INTO note VALUES (1, 2);
