-- A temporal foreign key points to a period, not to a row: whoever removes rows has to know that.
CREATE EXTENSION btree_gist;
CREATE TABLE price (product int, during int4range, name text NOT NULL, PRIMARY KEY (product, during WITHOUT OVERLAPS));
CREATE TABLE sale (id int PRIMARY KEY, product int, during int4range, FOREIGN KEY (product, PERIOD during) REFERENCES price (product, PERIOD during));
INSERT INTO price VALUES (1, '[1,5)', 'a'), (1, '[5,9)', 'b'), (2, '[1,5)', 'a');
INSERT INTO sale VALUES (1, 1, '[2,8)'), (2, 2, '[2,3)');
