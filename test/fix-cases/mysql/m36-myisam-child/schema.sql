-- The same of a table that would be repointed.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int) ENGINE = MyISAM;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
