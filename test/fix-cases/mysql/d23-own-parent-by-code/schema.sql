-- ON UPDATE CASCADE to its own table acts as RESTRICT: a code that changes would leave its children behind.
CREATE TABLE folder (id int PRIMARY KEY, name varchar(40) NOT NULL, code int NOT NULL UNIQUE, parent int, FOREIGN KEY (parent) REFERENCES folder (code) ON UPDATE CASCADE);
INSERT INTO folder VALUES (1, 'x', 10, NULL), (2, 'x', 20, NULL), (3, 'y', 30, 10);
