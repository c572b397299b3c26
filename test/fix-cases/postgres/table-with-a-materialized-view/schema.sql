-- A materialized view keeps showing the old rows: that is said.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
CREATE MATERIALIZED VIEW totals AS SELECT cart_id, count(*) FROM item GROUP BY 1;
