DELETE FROM cart WHERE id = 2;
ALTER TABLE cart ADD CONSTRAINT one_session UNIQUE (session);
