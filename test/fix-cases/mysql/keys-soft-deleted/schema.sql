-- Rows that are marked as deleted are none of the lookup's business, and may be there as often as they like.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, deleted_at date);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a', '2026-01-01'), (2, 'a', NULL), (3, 'a', '2026-01-02'), (4, 'a', NULL), (5, 'b', NULL);
INSERT INTO item VALUES (1, 1), (2, 2), (3, 3), (4, 4);
