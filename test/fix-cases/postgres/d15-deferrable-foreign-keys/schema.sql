-- Checks that wait for COMMIT would keep the index from being built, and those of CASCADE never wait.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  other_id int REFERENCES cart DEFERRABLE INITIALLY DEFERRED, third_id int REFERENCES cart ON DELETE SET NULL DEFERRABLE,
  place int UNIQUE DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE cart ADD first_item int REFERENCES item DEFERRABLE INITIALLY DEFERRED;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
INSERT INTO item VALUES (1, 1, 2, 2, 1), (2, 2, 1, 2, 2);
