-- Both carts hold product 10: repointed, the two items would be one.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE, product int NOT NULL,
  amount int NOT NULL, UNIQUE (cart_id, product));
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
INSERT INTO item VALUES (1, 1, 10, 5), (2, 2, 10, 5), (3, 2, 11, 1), (4, 3, 10, 5);
