-- citext is in a schema that isn't on the search path, so that `=` means that of text where nobody takes care.
CREATE SCHEMA extensions;
CREATE EXTENSION citext SCHEMA extensions;
CREATE TABLE person (id int PRIMARY KEY, email extensions.citext NOT NULL, code extensions.citext UNIQUE);
CREATE TABLE visit (id int PRIMARY KEY, person_code extensions.citext REFERENCES person (code), page extensions.citext, UNIQUE (person_code, page));
INSERT INTO person VALUES (1, 'A@x', 'c1'), (2, 'a@x', 'c2');
INSERT INTO visit VALUES (1, 'C2', 'p'), (2, 'C1', 'P'), (3, 'C2', 'q');
