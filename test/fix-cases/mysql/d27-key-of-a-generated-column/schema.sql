-- The key is computed from a column that differs.
CREATE TABLE person (id int PRIMARY KEY, email varchar(40) NOT NULL, folded varchar(40) GENERATED ALWAYS AS (lower(email)) STORED);
CREATE TABLE visit (id int PRIMARY KEY, person_id int, FOREIGN KEY (person_id) REFERENCES person (id));
INSERT INTO person (id, email) VALUES (1, 'A@x'), (2, 'a@x'), (3, 'b@x');
INSERT INTO visit VALUES (1, 2);
