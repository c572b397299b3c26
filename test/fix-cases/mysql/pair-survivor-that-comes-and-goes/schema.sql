-- The survivor of one key set is the surplus row of the next, and its own surplus rows follow it.
CREATE TABLE login (id int PRIMARY KEY, session varchar(40) NOT NULL, person int NOT NULL);
CREATE TABLE visit (id int PRIMARY KEY, login_id int, FOREIGN KEY (login_id) REFERENCES login (id) ON DELETE CASCADE);
INSERT INTO login VALUES (2, 's', 1), (3, 's', 2), (1, 't', 1), (4, 'u', 2);
INSERT INTO visit VALUES (1, 1), (2, 2), (3, 3), (4, 4);
