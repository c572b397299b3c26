ALTER TABLE cart ADD UNIQUE KEY uq_cart_session (session, id);
