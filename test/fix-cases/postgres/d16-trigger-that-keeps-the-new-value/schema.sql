-- A trigger that lets numbers only grow lets the sum in, and not out again.
CREATE TABLE counter (id int PRIMARY KEY, name text NOT NULL, hits int NOT NULL);
CREATE FUNCTION grow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.hits := greatest(NEW.hits, OLD.hits); RETURN NEW; END$$;
CREATE TRIGGER grow BEFORE UPDATE ON counter FOR EACH ROW EXECUTE FUNCTION grow();
INSERT INTO counter VALUES (1, 'a', 1), (2, 'a', 2);
