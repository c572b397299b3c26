-- Each refers to the other, and neither can let go: no row could go first.
CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL, name varchar(40) NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL, FOREIGN KEY (a_id) REFERENCES a (id));
SET foreign_key_checks = 0;
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id);
INSERT INTO a VALUES (1, 1, 'x'), (2, 1, 'x');
INSERT INTO b VALUES (1, 1);
