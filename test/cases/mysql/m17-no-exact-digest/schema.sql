-- needs: mariadb
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a text COLLATE utf8mb4_uca1400_as_cs NOT NULL);
