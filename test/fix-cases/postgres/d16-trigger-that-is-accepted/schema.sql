-- The same, and whoever runs the way back takes what the trigger makes of the rows.
CREATE TABLE event (kind text NOT NULL, number int);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.number := 0; RETURN NEW; END$$;
INSERT INTO event VALUES ('a', 1), ('a', 1);
CREATE TRIGGER stamp BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION stamp();
