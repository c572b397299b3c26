-- A rule that turns DELETE into something else.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, deleted boolean NOT NULL DEFAULT false);
CREATE RULE soft_delete AS ON DELETE TO cart DO INSTEAD UPDATE cart SET deleted = true WHERE id = OLD.id;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
