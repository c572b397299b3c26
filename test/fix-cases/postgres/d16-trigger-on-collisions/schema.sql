-- Triggers of a child whose rows collide and merge: the sum is written once, and counted once.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE, product int, amount int, changes int DEFAULT 0, UNIQUE (cart_id, product));
CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.changes := OLD.changes + 1; RETURN NEW; END$$;
CREATE TRIGGER stamp BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION count_change();
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'a');
INSERT INTO item VALUES (1, 2, 10, 1), (2, 3, 10, 2), (3, 1, 11, 4), (4, 3, 11, 8);
