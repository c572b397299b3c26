CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b decimal(10,2), c varchar(40), d date, e datetime(3), f time, g enum('x', 'y'), h varbinary(16), i double);
