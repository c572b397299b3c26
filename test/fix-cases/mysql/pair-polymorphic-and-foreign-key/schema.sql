-- The same row refers to one table by a foreign key and to another by type and id; both lose rows.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE person (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE log (id int PRIMARY KEY, person_id int, object_type varchar(40), object_id varchar(40), UNIQUE (person_id, object_type, object_id), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE SET NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO person VALUES (1, 'x'), (2, 'x'), (3, 'y');
INSERT INTO log VALUES (1, 1, 'cart', '1'), (2, 2, 'cart', '2'), (3, 3, 'cart', '2'), (4, 2, 'person', '2'), (5, 1, 'person', '1'), (6, NULL, 'cart', '2');
