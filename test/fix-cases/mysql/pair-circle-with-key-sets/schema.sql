-- Two tables that refer to each other, both with a key set that holds the reference.
CREATE TABLE a (id int PRIMARY KEY, b_id int, name varchar(40) NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, a_id int, name varchar(40) NOT NULL, FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id) ON DELETE CASCADE;
INSERT INTO a VALUES (1, NULL, 'x'), (2, NULL, 'x'), (3, NULL, 'y');
INSERT INTO b VALUES (1, 1, 'p'), (2, 2, 'p'), (3, 3, 'p');
UPDATE a SET b_id = 1 WHERE id IN (1, 2);
UPDATE a SET b_id = 3 WHERE id = 3;
