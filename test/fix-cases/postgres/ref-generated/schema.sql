-- A foreign key of a computed column: nobody can repoint it.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, raw text, cart_id int GENERATED ALWAYS AS (raw::int) STORED REFERENCES cart);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item (id, raw) VALUES (1, '2');
