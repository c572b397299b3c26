-- Two indexes vanish, and only one of the two key sets begins with each.
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE pair (id int PRIMARY KEY, a_id int NOT NULL, b_id int NOT NULL, n int NOT NULL, FOREIGN KEY (a_id) REFERENCES a (id), FOREIGN KEY (b_id) REFERENCES b (id));
INSERT INTO a VALUES (1), (2);
INSERT INTO b VALUES (1), (2);
INSERT INTO pair VALUES (1, 1, 1, 1), (2, 1, 1, 1), (3, 1, 2, 2), (4, 2, 2, 2);
