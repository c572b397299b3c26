ALTER TABLE cart ADD UNIQUE KEY wider (session, id);
ALTER TABLE cart ADD KEY plain (session);
