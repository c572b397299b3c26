-- The column tells upper from lower case, the lookup doesn't.
CREATE TABLE person (id int PRIMARY KEY, email varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL);
CREATE TABLE visit (id int PRIMARY KEY, person_id int, FOREIGN KEY (person_id) REFERENCES person (id));
INSERT INTO person VALUES (1, 'A@x'), (2, 'a@x'), (3, 'b@x'), (4, 'Ä@x'), (5, 'ä@x'), (6, 'a@x');
INSERT INTO visit VALUES (1, 2), (2, 5), (3, 6);
