-- A trigger empties the references itself before a parent goes. It would undo what we do with them: nothing may happen.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart);
CREATE FUNCTION empty_items() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
  UPDATE item SET cart_id = NULL WHERE cart_id = OLD.id;
  RETURN OLD;
END$$;
CREATE TRIGGER empty_items BEFORE DELETE ON cart FOR EACH ROW EXECUTE FUNCTION empty_items();
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
