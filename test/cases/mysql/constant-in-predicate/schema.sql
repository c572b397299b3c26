CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, site int NOT NULL, email varchar(40) NOT NULL, UNIQUE u (site, email));
