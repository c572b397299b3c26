-- Each table refers to the other: customers to their first address, addresses to their customer.
CREATE TABLE customer (id int PRIMARY KEY, email varchar(40) NOT NULL, address_id int);
CREATE TABLE address (id int PRIMARY KEY, customer_id int NOT NULL, street varchar(40), UNIQUE (customer_id, street), FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE);
ALTER TABLE customer ADD FOREIGN KEY (address_id) REFERENCES address (id) ON DELETE SET NULL;
INSERT INTO customer VALUES (1, 'a', NULL), (2, 'a', NULL), (3, 'b', NULL);
INSERT INTO address VALUES (1, 1, 's'), (2, 2, 's'), (3, 2, 't'), (4, 3, 's');
UPDATE customer SET address_id = id;
UPDATE customer SET address_id = 4 WHERE id = 3;
