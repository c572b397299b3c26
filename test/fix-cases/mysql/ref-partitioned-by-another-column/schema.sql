-- Nothing can make a key unique that doesn't hold the partitioning column.
CREATE TABLE cart (tenant int, id int, session varchar(40) NOT NULL, PRIMARY KEY (tenant, id)) PARTITION BY HASH (tenant) PARTITIONS 2;
INSERT INTO cart VALUES (1, 1, 'a'), (2, 2, 'a');
