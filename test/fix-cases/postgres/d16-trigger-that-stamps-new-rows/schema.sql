-- A trigger that stamps every INSERT would stamp what the way back restores.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, number int);
CREATE TABLE event (kind text NOT NULL, number int);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.number := 0; RETURN NEW; END$$;
INSERT INTO cart VALUES (1, 'a', 1), (2, 'a', 1);
INSERT INTO event VALUES ('a', 1), ('a', 1);
CREATE TRIGGER stamp BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION stamp();
