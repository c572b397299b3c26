CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, hits int DEFAULT 5 INVISIBLE);
INSERT INTO cart (id, session, hits) VALUES (1, 'a', 1), (2, 'a', 2);
