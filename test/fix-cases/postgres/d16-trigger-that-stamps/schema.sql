-- A trigger counts the changes of each row. It counts ours too, which is said; the rows are right all the same.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, amount int, changes int NOT NULL DEFAULT 0);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart, changes int NOT NULL DEFAULT 0);
CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.changes := OLD.changes + 1; RETURN NEW; END$$;
CREATE TRIGGER stamp BEFORE UPDATE ON cart FOR EACH ROW EXECUTE FUNCTION count_change();
CREATE TRIGGER stamp BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION count_change();
INSERT INTO cart VALUES (1, 'a', 1), (2, 'a', 2), (3, 'b', 3);
INSERT INTO item VALUES (1, 1), (2, 2);
