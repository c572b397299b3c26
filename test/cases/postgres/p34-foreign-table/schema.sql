-- needs: extension postgres_fdw
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw;
CREATE FOREIGN TABLE t (k int) SERVER elsewhere;
