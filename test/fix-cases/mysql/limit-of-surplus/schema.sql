-- One key set would remove more than was allowed; the other one goes ahead.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE visit (id int PRIMARY KEY, page varchar(40) NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'a');
INSERT INTO visit VALUES (1, 'a'), (2, 'a'), (3, 'b'), (4, 'c');
