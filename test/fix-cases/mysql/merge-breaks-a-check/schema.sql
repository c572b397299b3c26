-- The survivor would break a CHECK constraint: the migration fails, and nothing has happened.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, amount int, CONSTRAINT small_amount CHECK (amount < 10));
INSERT INTO cart VALUES (1, 'a', 6), (2, 'a', 6);
