-- The key holds what the table is partitioned by.
CREATE TABLE cart (tenant int, id int, session varchar(40) NOT NULL, PRIMARY KEY (tenant, id)) PARTITION BY LIST (tenant) (PARTITION one VALUES IN (1), PARTITION more VALUES IN (2, 3));
CREATE TABLE item (n int PRIMARY KEY, tenant int, cart_id int);
INSERT INTO cart VALUES (1, 1, 'a'), (1, 2, 'a'), (2, 1, 'a'), (2, 11, 'a'), (3, 11, 'a');
INSERT INTO item VALUES (1, 1, 2), (2, 2, 11), (3, 3, 11);
