-- A trigger keeps the number of a cart's items: it goes on doing so, and a sum on top of it would count twice. On the way
-- back it would count what is restored, on top of the count that is restored.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, items int NOT NULL DEFAULT 0);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE, product int, UNIQUE (cart_id, product));
CREATE FUNCTION count_items() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
  IF TG_OP <> 'INSERT' THEN UPDATE cart SET items = items - 1 WHERE id = OLD.cart_id; END IF;
  IF TG_OP <> 'DELETE' THEN UPDATE cart SET items = items + 1 WHERE id = NEW.cart_id; END IF;
  RETURN NULL;
END$$;
CREATE TRIGGER count_items AFTER INSERT OR DELETE OR UPDATE OF cart_id ON item FOR EACH ROW EXECUTE FUNCTION count_items();
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11), (4, 3, 10);
