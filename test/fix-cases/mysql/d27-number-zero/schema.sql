-- Zero in an AUTO_INCREMENT column asks for a new number, unless somebody says that it means zero.
CREATE TABLE cart (id int AUTO_INCREMENT PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, FOREIGN KEY (cart_id) REFERENCES cart (id));
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
INSERT INTO cart VALUES (0, 'a'), (1, 'a'), (2, 'b');
INSERT INTO item VALUES (0, 0), (1, 1);
