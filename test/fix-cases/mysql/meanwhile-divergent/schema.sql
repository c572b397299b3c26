-- What was equal when the plan was made isn't any more when it runs.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, note varchar(40));
INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', 'x');
