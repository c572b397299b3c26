-- The survivor has no token to point to: its item would lose its parent.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, token varchar(40) UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_token varchar(40) NOT NULL, FOREIGN KEY (cart_token) REFERENCES cart (token));
INSERT INTO cart VALUES (1, 'a', NULL), (2, 'a', 't2');
INSERT INTO item VALUES (1, 't2');
