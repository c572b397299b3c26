CREATE TABLE cart (tenant int, id int, session text NOT NULL) PARTITION BY LIST (tenant);
CREATE TABLE cart_1 PARTITION OF cart FOR VALUES IN (1);
INSERT INTO cart VALUES (1, 1, 'a'), (1, 2, 'a');
