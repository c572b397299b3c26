-- The survivor takes the token of a row that goes, which others point to by it.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, token text UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_token text REFERENCES cart (token));
INSERT INTO cart VALUES (1, 'a', NULL), (2, 'a', 't2'), (3, 'a', 't3');
INSERT INTO item VALUES (1, 't2'), (2, 't3');
