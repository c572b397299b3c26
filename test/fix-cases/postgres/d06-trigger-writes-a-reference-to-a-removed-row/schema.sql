-- A trigger notes the parent that an item came from, after that parent is gone: nothing may be left pointing nowhere.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE);
CREATE TABLE move (item_id int PRIMARY KEY REFERENCES item, from_cart int NOT NULL REFERENCES cart ON DELETE CASCADE);
CREATE FUNCTION note_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO move VALUES (NEW.id, OLD.cart_id);
  RETURN NEW;
END$$;
CREATE TRIGGER note BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION note_move();
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
