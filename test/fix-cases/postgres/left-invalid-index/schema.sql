-- A build that failed has left its index behind, under the name that ours gets.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
-- fails
CREATE UNIQUE INDEX CONCURRENTLY uq_cart_session ON cart (session);
