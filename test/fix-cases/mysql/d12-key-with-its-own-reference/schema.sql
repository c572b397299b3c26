-- Merging the two folders makes what is in them equal, and then what is in that.
CREATE TABLE folder (id int PRIMARY KEY, parent_id int, name varchar(40) NOT NULL, FOREIGN KEY (parent_id) REFERENCES folder (id) ON DELETE CASCADE);
INSERT INTO folder VALUES (1, NULL, 'root'), (2, 1, 'a'), (3, 1, 'a'), (4, 2, 'b'), (5, 3, 'b'), (6, 4, 'c'), (7, 5, 'c'), (8, 7, 'd');
