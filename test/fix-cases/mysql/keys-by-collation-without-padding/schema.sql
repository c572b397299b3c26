-- utf8mb4_0900_ai_ci tells blanks at the end, utf8mb4_bin doesn't.
CREATE TABLE bare (id int PRIMARY KEY, code varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci NOT NULL);
CREATE TABLE padded (id int PRIMARY KEY, code varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL);
INSERT INTO bare VALUES (1, 'ab'), (2, 'ab  '), (3, 'AB');
INSERT INTO padded VALUES (1, 'ab'), (2, 'ab  '), (3, 'AB');
