/** The shop of `killShop`, in the session's database, which is made anew: the same rows in the same places each time. */
export const mysqlKillShop = (database: string): string => `
  DROP DATABASE IF EXISTS ${database};
  CREATE DATABASE ${database} CHARACTER SET utf8mb4;
  USE ${database};
  CREATE TABLE cart (id bigint AUTO_INCREMENT PRIMARY KEY, session varchar(40) NOT NULL, note varchar(400),
    hits int NOT NULL DEFAULT 1, created_at datetime NOT NULL DEFAULT '2026-01-01');
  CREATE TABLE item (id bigint AUTO_INCREMENT PRIMARY KEY, cart_id bigint NOT NULL, product int NOT NULL, UNIQUE (cart_id, product),
    FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
  CREATE TABLE mark (id bigint AUTO_INCREMENT PRIMARY KEY, item_id bigint, FOREIGN KEY (item_id) REFERENCES item (id) ON DELETE SET NULL);
  CREATE TABLE tag (id int PRIMARY KEY, name varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL);
  CREATE TABLE cart_tag (cart_id bigint, tag_id int, PRIMARY KEY (cart_id, tag_id),
    FOREIGN KEY (cart_id) REFERENCES cart (id), FOREIGN KEY (tag_id) REFERENCES tag (id));
  CREATE TEMPORARY TABLE number (n int PRIMARY KEY);
  INSERT INTO number WITH RECURSIVE upto AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM upto WHERE n < 399) SELECT n FROM upto;
  INSERT INTO cart (session, note, hits) SELECT CONCAT('s', n % 40), CONCAT('note ', n), n FROM number WHERE n BETWEEN 1 AND 100 ORDER BY n;
  INSERT INTO item (cart_id, product) SELECT 1 + n % 100, n DIV 100 FROM number WHERE n < 300 ORDER BY n;
  INSERT INTO mark (item_id) SELECT 1 + n % 300 FROM number ORDER BY n;
  INSERT INTO tag SELECT n, CONCAT(IF(n % 2 = 0, 'Tag', 'tag'), n DIV 4) FROM number WHERE n BETWEEN 1 AND 20;
  INSERT INTO cart_tag SELECT 1 + n % 100, 1 + n % 20 FROM number WHERE n < 100;
  DROP TEMPORARY TABLE number;`
