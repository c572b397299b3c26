-- Partitioned tables have no foreign keys: the reference is declared, and a row that is repointed moves to another partition.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int, cart_id int NOT NULL, product int, PRIMARY KEY (id, cart_id)) PARTITION BY RANGE (cart_id) (PARTITION low VALUES LESS THAN (2), PARTITION high VALUES LESS THAN MAXVALUE);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
INSERT INTO item VALUES (1, 1, 10), (1, 2, 10), (2, 2, 11), (3, 3, 12);
