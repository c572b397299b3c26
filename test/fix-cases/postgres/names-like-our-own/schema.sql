-- Columns and tables called like the aliases, variables and columns of the migration's statements.
CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b int, c int, g int, l int, m int, n int, o int, r int, u int, s int, v int, x int, k int,
  e int, d0 int, u0 int, found int, plan int, name text, hash int, state int, relation int, at int, place int, "new" int, "old" int, "row" int, number int);
CREATE TABLE l (id int PRIMARY KEY, t int REFERENCES t ON DELETE CASCADE, n int, UNIQUE (t, n));
CREATE TABLE n (t int REFERENCES l, l int);
INSERT INTO t (id, a, b, m, found, name) VALUES (1, 'x', 1, 1, 1, 'y'), (2, 'x', 2, 2, 2, 'y'), (3, 'z', 3, 3, 3, 'z');
INSERT INTO l VALUES (1, 1, 1), (2, 2, 1), (3, 2, 2);
INSERT INTO n VALUES (2, 5), (3, 6);
