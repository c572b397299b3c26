-- Documents that mean the same are no key.
CREATE TABLE event (id int PRIMARY KEY, data json NOT NULL);
INSERT INTO event VALUES (1, '{}'), (2, '{}');
