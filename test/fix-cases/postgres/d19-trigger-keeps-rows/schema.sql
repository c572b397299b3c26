-- A BEFORE DELETE trigger that marks the row instead: DELETE seems to work and the rows are still there.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, deleted_at timestamp);
CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
  UPDATE cart SET deleted_at = '2026-01-01' WHERE id = OLD.id;
  RETURN NULL;
END$$;
CREATE TRIGGER soft_delete BEFORE DELETE ON cart FOR EACH ROW EXECUTE FUNCTION mark();
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
