-- What is merged is a reference to a table that loses rows itself, and one to a table that doesn't.
CREATE TABLE address (id int PRIMARY KEY, street varchar(40) NOT NULL);
CREATE TABLE plan (id int PRIMARY KEY);
CREATE TABLE person (id int PRIMARY KEY, email varchar(40) NOT NULL, address_id int, plan_id int, FOREIGN KEY (address_id) REFERENCES address (id), FOREIGN KEY (plan_id) REFERENCES plan (id) ON DELETE SET NULL);
INSERT INTO address VALUES (1, 's'), (2, 's'), (3, 't');
INSERT INTO plan VALUES (1), (2);
INSERT INTO person VALUES (1, 'a', NULL, 1), (2, 'a', 2, 2), (3, 'b', 2, NULL), (4, 'b', 1, NULL), (5, 'c', 3, NULL);
