CREATE SEQUENCE uq_cart_session;
