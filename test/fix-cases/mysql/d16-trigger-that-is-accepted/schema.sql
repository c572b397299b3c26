-- The same, and whoever runs the way back takes what the trigger makes of the rows.
CREATE TABLE event (id int PRIMARY KEY, kind varchar(40) NOT NULL, number int);
INSERT INTO event VALUES (1, 'a', 1), (2, 'a', 1);
CREATE TRIGGER stamp BEFORE INSERT ON event FOR EACH ROW SET NEW.number = 0;
