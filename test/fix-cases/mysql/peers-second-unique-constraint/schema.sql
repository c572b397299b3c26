-- The audited table has another unique column, whose value the survivor takes from a row that goes.
CREATE TABLE person (id int PRIMARY KEY, email varchar(40) NOT NULL, code int UNIQUE, slug varchar(40) NOT NULL UNIQUE);
CREATE TABLE visit (id int PRIMARY KEY, person_id int NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id));
INSERT INTO person VALUES (1, 'a', NULL, 's1'), (2, 'a', 7, 's2'), (3, 'a', 8, 's3'), (4, 'b', 9, 's4');
INSERT INTO visit VALUES (1, 2), (2, 3);
