-- citext calls equal what text doesn't, in keys and in references.
CREATE EXTENSION citext;
CREATE TABLE person (id int PRIMARY KEY, email citext NOT NULL, code citext UNIQUE);
CREATE TABLE visit (id int PRIMARY KEY, person_code citext REFERENCES person (code) ON DELETE CASCADE);
INSERT INTO person VALUES (1, 'A@x', 'c1'), (2, 'a@x', 'c2');
INSERT INTO visit VALUES (1, 'C2'), (2, 'C1');
