CREATE TABLE account (id bigint AUTO_INCREMENT PRIMARY KEY, email varchar(100) NOT NULL UNIQUE);
CREATE TABLE cart (id bigint AUTO_INCREMENT PRIMARY KEY, session_id varchar(64) NOT NULL, total int NOT NULL DEFAULT 0,
  created_at datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3));
CREATE TABLE item (id bigint AUTO_INCREMENT PRIMARY KEY, cart_id bigint NOT NULL, sku varchar(40) NOT NULL,
  FOREIGN KEY (cart_id) REFERENCES cart (id));
CREATE TABLE coupon (id bigint AUTO_INCREMENT PRIMARY KEY, code varchar(40) NOT NULL);
INSERT INTO account (email) VALUES ('cy@example.org'), ('dee@example.org');
INSERT INTO cart (session_id, total) VALUES ('x1', 5), ('x1', 0), ('y2', 1);
INSERT INTO item (cart_id, sku) VALUES (1, 'tea'), (2, 'cup');
