CREATE TABLE t (a int NOT NULL, b varchar(20) NOT NULL, PRIMARY KEY (a, b));
