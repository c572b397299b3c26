-- Equal rows of the child: as many as there were are repointed, and come back.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (cart_id int REFERENCES cart ON DELETE CASCADE, product int);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 10), (1, 10), (2, 10), (2, 10), (2, 10), (2, NULL);
