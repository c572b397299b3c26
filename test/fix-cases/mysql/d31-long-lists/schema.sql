-- Lists of keys would be cut at group_concat_max_len.
CREATE TABLE cart (id bigint PRIMARY KEY, session varchar(40) NOT NULL, note varchar(40));
CREATE TABLE item (id int PRIMARY KEY, cart_id bigint NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart WITH RECURSIVE number AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM number WHERE n < 400) SELECT n + 1000000000, 'a', CONCAT('note ', n MOD 2) FROM number;
INSERT INTO item WITH RECURSIVE number AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM number WHERE n < 400) SELECT n, n + 1000000000 FROM number WHERE n > 398;
