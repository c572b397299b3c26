-- A trigger that lets numbers only grow lets the sum in, and not out again.
CREATE TABLE counter (id int PRIMARY KEY, name varchar(40) NOT NULL, hits int NOT NULL);
CREATE TRIGGER grow BEFORE UPDATE ON counter FOR EACH ROW SET NEW.hits = GREATEST(NEW.hits, OLD.hits);
INSERT INTO counter VALUES (1, 'a', 1), (2, 'a', 2);
