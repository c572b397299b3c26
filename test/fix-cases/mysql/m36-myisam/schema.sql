-- What MyISAM stores can't be rolled back.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL) ENGINE = MyISAM;
CREATE TABLE person (id int PRIMARY KEY, email varchar(40) NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO person VALUES (1, 'x'), (2, 'x');
