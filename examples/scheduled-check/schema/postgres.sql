CREATE TABLE account (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE cart (id bigserial PRIMARY KEY, session_id text NOT NULL, total int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE item (id bigserial PRIMARY KEY, cart_id bigint NOT NULL REFERENCES cart, sku text NOT NULL);
CREATE TABLE coupon (id bigserial PRIMARY KEY, code text NOT NULL);
INSERT INTO account (email) VALUES ('ann@example.org'), ('bob@example.org');
INSERT INTO cart (session_id, total) VALUES ('a7', 5), ('a7', 0), ('b1', 1), ('c4', 2), ('c4', 3);
INSERT INTO item (cart_id, sku) VALUES (1, 'tea'), (2, 'cup'), (4, 'pot');
