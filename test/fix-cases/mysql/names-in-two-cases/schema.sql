-- Names of tables that differ only in case are two tables.
CREATE TABLE Cart (Id int PRIMARY KEY, Session varchar(40) NOT NULL);
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int, FOREIGN KEY (cart_id) REFERENCES Cart (Id));
INSERT INTO Cart VALUES (1, 'a'), (2, 'a');
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
