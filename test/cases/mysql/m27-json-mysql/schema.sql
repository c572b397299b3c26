-- needs: mysql
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, j json NOT NULL);
-- step: fails
ALTER TABLE t ADD UNIQUE KEY u (j);
