-- Others refer to the computed label, so that the row that keeps it stays, though the other one is older.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, label varchar(40) GENERATED ALWAYS AS (CONCAT(cart_id, '/', product)) STORED UNIQUE, FOREIGN KEY (cart_id) REFERENCES cart (id));
CREATE TABLE note (id int PRIMARY KEY, item_label varchar(40), FOREIGN KEY (item_label) REFERENCES item (label));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item (id, cart_id, product) VALUES (1, 2, 10), (2, 1, 10);
INSERT INTO note VALUES (1, '1/10'), (2, '2/10');
