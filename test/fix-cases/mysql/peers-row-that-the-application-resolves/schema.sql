-- The application reads the row with the highest priority, so that one stays, and the rest is decided by keeping it.
CREATE TABLE affiliate (id int PRIMARY KEY, seller int NOT NULL, priority int, fee int);
INSERT INTO affiliate VALUES (1, 1, NULL, 5), (2, 1, 3, 6), (3, 1, 3, 7), (4, 2, NULL, 1), (5, 2, NULL, 2);
