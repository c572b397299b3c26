-- A self-reference by tenant and number; only the nullable half of it can be emptied.
CREATE TABLE folder (tenant int NOT NULL, id int, parent_id int, name varchar(40) NOT NULL, PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, parent_id) REFERENCES folder (tenant, id));
INSERT INTO folder VALUES (1, 2, NULL, 'x'), (1, 1, 2, 'x'), (1, 3, 2, 'y'), (2, 2, NULL, 'x'), (2, 3, 2, 'y');
