-- A nullable column, and key sets for both of its cases, each of which gets a partial index.
CREATE TABLE comparison (id int PRIMARY KEY, head int NOT NULL, base int);
CREATE TABLE report (id int PRIMARY KEY, comparison_id int, FOREIGN KEY (comparison_id) REFERENCES comparison (id) ON DELETE CASCADE);
INSERT INTO comparison VALUES (1, 1, NULL), (2, 1, NULL), (3, 1, 7), (4, 1, 7), (5, 2, NULL);
INSERT INTO report VALUES (1, 2), (2, 4), (3, 5);
