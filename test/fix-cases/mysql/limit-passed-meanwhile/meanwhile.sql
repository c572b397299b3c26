INSERT INTO cart VALUES (4, 'a');
