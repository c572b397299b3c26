-- What the first key set merges, the second one doesn't find any more.
CREATE TABLE login (id int PRIMARY KEY, session varchar(40) NOT NULL, person int NOT NULL);
INSERT INTO login VALUES (1, 's', 1), (2, 's', 2), (3, 't', 2);
