-- MariaDB lets a foreign key point to what isn't unique: which of the rows is meant?
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, code int, KEY (code));
CREATE TABLE item (id int PRIMARY KEY, cart_code int, FOREIGN KEY (cart_code) REFERENCES cart (code));
INSERT INTO cart VALUES (1, 'a', 7), (2, 'a', 7);
INSERT INTO item VALUES (1, 7);
