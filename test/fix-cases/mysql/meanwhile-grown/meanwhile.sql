INSERT INTO cart VALUES (0, 'a'), (4, 'b'), (5, 'c');
INSERT INTO item VALUES (1, 2, 10), (2, 0, 10), (3, 4, 10), (4, 5, 10);
