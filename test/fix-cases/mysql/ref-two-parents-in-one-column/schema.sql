-- One column refers to two tables, of which only one has a surplus row.
CREATE TABLE person (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE login (n int PRIMARY KEY, who int, FOREIGN KEY (who) REFERENCES account (id), FOREIGN KEY (who) REFERENCES person (id));
INSERT INTO person VALUES (1, 'x'), (2, 'x');
INSERT INTO account VALUES (1), (2);
INSERT INTO login VALUES (1, 2);
