-- The name is taken by an index that isn't unique: asking for the name alone would find everything done.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE INDEX uq_cart_session ON cart (session);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
