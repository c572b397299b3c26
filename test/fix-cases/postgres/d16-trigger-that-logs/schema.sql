-- What is removed and repointed shows up in the application's own log, as any other change does.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart, product int, UNIQUE (cart_id, product));
CREATE TABLE log (what text);
CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
  INSERT INTO log VALUES (concat_ws(' ', TG_OP, TG_TABLE_NAME, coalesce(NEW.id, OLD.id)));
  RETURN NULL;
END$$;
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON cart FOR EACH ROW EXECUTE FUNCTION log_it();
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON item FOR EACH ROW EXECUTE FUNCTION log_it();
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 10), (2, 2, 10), (3, 2, 11);
TRUNCATE log;
