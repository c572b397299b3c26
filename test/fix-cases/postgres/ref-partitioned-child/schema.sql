-- The foreign key of a partitioned table shows up once more for each partition; its rows move once.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE, product int, PRIMARY KEY (id, cart_id)) PARTITION BY RANGE (cart_id);
CREATE TABLE item_low PARTITION OF item FOR VALUES FROM (0) TO (2);
CREATE TABLE item_high (product int, cart_id int NOT NULL, id int NOT NULL);
ALTER TABLE item ATTACH PARTITION item_high FOR VALUES FROM (2) TO (100);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
INSERT INTO item VALUES (1, 1, 10), (1, 2, 10), (2, 2, 11), (3, 3, 12);
