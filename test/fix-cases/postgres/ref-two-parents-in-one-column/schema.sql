-- One column refers to two tables, of which only one has a surplus row.
CREATE TABLE person (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE login (n int PRIMARY KEY, who int REFERENCES person, FOREIGN KEY (who) REFERENCES account);
INSERT INTO person VALUES (1, 'x'), (2, 'x');
INSERT INTO account VALUES (1), (2);
INSERT INTO login VALUES (1, 2);
