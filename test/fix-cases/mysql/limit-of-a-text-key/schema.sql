-- TEXT has no length that an index could hold.
CREATE TABLE page (id int PRIMARY KEY, url text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL);
CREATE TABLE visit (id int PRIMARY KEY, page_id int, FOREIGN KEY (page_id) REFERENCES page (id));
INSERT INTO page VALUES (1, 'x'), (2, 'x'), (3, 'X'), (4, 'x ');
INSERT INTO visit VALUES (1, 2), (2, 3);
