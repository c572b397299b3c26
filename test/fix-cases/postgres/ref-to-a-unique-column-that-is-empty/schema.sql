-- The survivor has no token to point to: its item would lose its parent.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, token text UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_token text NOT NULL REFERENCES cart (token));
INSERT INTO cart VALUES (1, 'a', NULL), (2, 'a', 't2');
INSERT INTO item VALUES (1, 't2');
