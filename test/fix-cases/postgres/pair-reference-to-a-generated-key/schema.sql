-- Others refer to the computed label, so that the row that keeps it stays, though the other one is older.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart, product int,
  label text GENERATED ALWAYS AS (cart_id::text || '/' || product::text) STORED UNIQUE);
CREATE TABLE note (id int PRIMARY KEY, item_label text REFERENCES item (label));
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item (id, cart_id, product) VALUES (1, 2, 10), (2, 1, 10);
INSERT INTO note VALUES (1, '1/10'), (2, '2/10');
