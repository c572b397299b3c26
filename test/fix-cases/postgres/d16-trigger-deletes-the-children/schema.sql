-- The same with a trigger that deletes what refers to the row by a reference that no foreign key declares.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int);
CREATE FUNCTION delete_items() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
  DELETE FROM item WHERE cart_id = OLD.id;
  RETURN OLD;
END$$;
CREATE TRIGGER delete_items BEFORE DELETE ON cart FOR EACH ROW EXECUTE FUNCTION delete_items();
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1), (2, 2);
