-- Names as long as can be, which differ only at their ends; whatever is made of them has to be cut and stay different.
CREATE TABLE äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääx (id int PRIMARY KEY, eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee1 varchar(40) NOT NULL, eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee2 varchar(40) NOT NULL);
CREATE TABLE iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii1 (id int PRIMARY KEY, parent int, CONSTRAINT kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk1 FOREIGN KEY (parent) REFERENCES äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääx (id));
CREATE TABLE iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii2 (id int PRIMARY KEY, parent int, CONSTRAINT kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk2 FOREIGN KEY (parent) REFERENCES äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääx (id));
INSERT INTO äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääx VALUES (1, 'a', 'x'), (2, 'a', 'x'), (3, 'b', 'y'), (4, 'c', 'y');
INSERT INTO iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii1 VALUES (1, 2);
INSERT INTO iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii2 VALUES (1, 4);
