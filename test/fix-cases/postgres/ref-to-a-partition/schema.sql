-- A foreign key to one partition: its rows are parents there, and surplus rows of the whole table.
CREATE TABLE cart (tenant int, id int, session text NOT NULL, PRIMARY KEY (tenant, id)) PARTITION BY LIST (tenant);
CREATE TABLE cart_1 PARTITION OF cart FOR VALUES IN (1);
CREATE TABLE item (n int PRIMARY KEY, tenant int, cart_id int, FOREIGN KEY (tenant, cart_id) REFERENCES cart_1);
INSERT INTO cart VALUES (1, 1, 'a'), (1, 2, 'a');
INSERT INTO item VALUES (1, 1, 2);
