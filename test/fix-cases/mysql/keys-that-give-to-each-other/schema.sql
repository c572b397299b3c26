-- A merged value makes the survivor equal to a third row, by the other key set.
CREATE TABLE login (id int PRIMARY KEY, session varchar(40) NOT NULL, person int);
CREATE TABLE visit (id int PRIMARY KEY, login_id int NOT NULL, FOREIGN KEY (login_id) REFERENCES login (id) ON DELETE CASCADE);
INSERT INTO login VALUES (1, 's', NULL), (2, 's', 2), (3, 't', 2);
INSERT INTO visit VALUES (1, 1), (2, 2), (3, 3);
