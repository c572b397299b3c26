-- Triggers that skip an UPDATE, or take the new value out again: the references would stay behind.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL);
CREATE FUNCTION keep_cart() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.cart_id := OLD.cart_id; RETURN NEW; END$$;
CREATE TRIGGER keep_cart BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION keep_cart();
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 2);
