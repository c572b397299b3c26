-- A trigger that stamps every INSERT would stamp what the way back restores.
CREATE TABLE event (id int PRIMARY KEY, kind varchar(40) NOT NULL, number int);
INSERT INTO event VALUES (1, 'a', 1), (2, 'a', 1);
CREATE TRIGGER stamp BEFORE INSERT ON event FOR EACH ROW SET NEW.number = 0;
