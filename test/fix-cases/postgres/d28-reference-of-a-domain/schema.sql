-- Keys and references whose types are domains and enums, and differ a little from each other.
CREATE DOMAIN cart_id AS int CHECK (VALUE > 0);
CREATE TYPE kind AS ENUM ('x', 'y');
CREATE TABLE cart (id cart_id PRIMARY KEY, session varchar(10) NOT NULL, kind kind NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id bigint REFERENCES cart);
INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', 'x'), (3, 'a', 'y');
INSERT INTO item VALUES (1, 2), (2, 3);
