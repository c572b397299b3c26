-- The survivor would take the token of a row that goes, which others point to by it. Foreign keys are checked at once, so
-- that there is no moment at which nobody holds it.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, token varchar(40) UNIQUE);
CREATE TABLE item (id int PRIMARY KEY, cart_token varchar(40), FOREIGN KEY (cart_token) REFERENCES cart (token));
INSERT INTO cart VALUES (1, 'a', NULL), (2, 'a', 't2'), (3, 'a', 't3');
INSERT INTO item VALUES (1, 't2'), (2, 't3');
