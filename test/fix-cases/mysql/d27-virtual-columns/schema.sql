-- Columns that are computed when they are read.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, net int, gross int GENERATED ALWAYS AS (net * 2) VIRTUAL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int, twice int GENERATED ALWAYS AS (cart_id * 2) VIRTUAL, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart (id, session, net) VALUES (1, 'a', 1), (2, 'a', 2);
INSERT INTO item (id, cart_id) VALUES (1, 2);
