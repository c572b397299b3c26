-- Rows that collide once repointed are as much part of the way back as the rows that were merged, with whatever refers to them.
CREATE TABLE person (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE membership (id int PRIMARY KEY, person_id int NOT NULL, team int, role varchar(40), UNIQUE (person_id, team), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE);
CREATE TABLE badge (id int PRIMARY KEY, membership_id int NOT NULL, FOREIGN KEY (membership_id) REFERENCES membership (id) ON DELETE CASCADE);
INSERT INTO person VALUES (1, 'x'), (2, 'x');
INSERT INTO membership VALUES (1, 1, 1, 'admin'), (2, 2, 1, 'guest'), (3, 2, 2, 'admin');
INSERT INTO badge VALUES (1, 2), (2, 3), (3, 1);
