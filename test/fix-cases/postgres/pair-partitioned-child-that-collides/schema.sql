-- Children in several partitions collide by a key that holds what they are repointed by, and merge.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (cart_id int REFERENCES cart ON DELETE CASCADE, product int, amount int, PRIMARY KEY (cart_id, product)) PARTITION BY HASH (cart_id);
CREATE TABLE item_0 PARTITION OF item FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE item_1 PARTITION OF item FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE item_2 PARTITION OF item FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE TABLE note (id int PRIMARY KEY, cart_id int, product int, FOREIGN KEY (cart_id, product) REFERENCES item ON DELETE CASCADE);
INSERT INTO cart SELECT n, 'a' FROM generate_series(1, 6) AS n;
INSERT INTO item SELECT n, 10 + n % 2, n FROM generate_series(1, 6) AS n;
INSERT INTO note SELECT n, n, 10 + n % 2 FROM generate_series(1, 6) AS n;
