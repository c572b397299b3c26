-- Columns that the server fills: their values come back as they were.
CREATE TABLE cart (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, session varchar(40) NOT NULL, net decimal(8,2), gross decimal(10,3) GENERATED ALWAYS AS (net * 1.2) STORED);
CREATE TABLE item (id int AUTO_INCREMENT PRIMARY KEY, line int NOT NULL, cart_id bigint unsigned NOT NULL, label varchar(40) GENERATED ALWAYS AS (CONCAT('cart ', cart_id)) STORED, UNIQUE (cart_id, line), FOREIGN KEY (cart_id) REFERENCES cart (id));
INSERT INTO cart (session, net) VALUES ('a', 1), ('a', 2.5), ('b', 4);
INSERT INTO item (cart_id, line) VALUES (1, 1), (2, 1), (2, 2), (3, 1);
