-- Equal by the column's collation, and written differently: one of the spellings would be lost.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, note varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci);
INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', 'X');
