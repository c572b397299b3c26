-- What is merged changes a computed column, by which the survivor meets a third row.
CREATE TABLE person (id int PRIMARY KEY, session varchar(40) NOT NULL, email varchar(40), folded varchar(40) GENERATED ALWAYS AS (lower(email)) STORED);
CREATE TABLE visit (id int PRIMARY KEY, person_id int, FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE);
INSERT INTO person (id, session, email) VALUES (1, 's', NULL), (2, 's', 'A@x'), (3, 't', 'a@X'), (4, 'u', 'b@x');
INSERT INTO visit VALUES (1, 1), (2, 2), (3, 3);
