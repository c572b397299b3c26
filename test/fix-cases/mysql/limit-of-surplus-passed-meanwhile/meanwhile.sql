INSERT INTO cart VALUES (5, 'b');
