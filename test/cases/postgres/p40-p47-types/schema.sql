CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN short AS varchar(20) CHECK (length(VALUE) > 1);
CREATE TABLE t (n numeric UNIQUE, j jsonb UNIQUE, i interval UNIQUE, a int[] UNIQUE, z timestamptz UNIQUE, e mood UNIQUE, d short UNIQUE);
