-- Whatever sets its time at each UPDATE keeps it: the row is repointed or merged, and nobody has changed it.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, amount int, updated_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3));
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, changed datetime NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP, FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart VALUES (1, 'a', 1, '2026-01-01 01:00:00.125'), (2, 'a', 2, '2026-01-02');
INSERT INTO item VALUES (1, 2, '2026-01-03'), (2, 2, NULL);
