-- Each of many parents would have the whole child read through; the index that helps is gone afterwards.
CREATE TABLE cart (id int PRIMARY KEY, session int NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart);
INSERT INTO cart SELECT n, n % 15 FROM generate_series(1, 30) AS n;
INSERT INTO item SELECT n, n FROM generate_series(16, 17) AS n;
