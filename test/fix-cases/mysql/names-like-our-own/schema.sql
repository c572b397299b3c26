-- Columns and tables called like the aliases and columns of the migration's statements.
CREATE TABLE t (id int PRIMARY KEY, a varchar(40) NOT NULL, b int, c int, g int, l int, m int, n int, o int, r int, u int, s int, v int, x int, k int,
  e int, d0 int, t0 int, found int, plan int, name varchar(40), hash int, state int, at int, text int, `new` int, `old` int, `row` int, number int, cause int);
CREATE TABLE l (id int PRIMARY KEY, t int, n int, UNIQUE (t, n), FOREIGN KEY (t) REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE n (id int PRIMARY KEY, t int, l int, FOREIGN KEY (t) REFERENCES l (id));
INSERT INTO t (id, a, b, m, found, name) VALUES (1, 'x', 1, 1, 1, 'y'), (2, 'x', 2, 2, 2, 'y'), (3, 'z', 3, 3, 3, 'z');
INSERT INTO l VALUES (1, 1, 1), (2, 2, 1), (3, 2, 2);
INSERT INTO n VALUES (1, 2, 5), (2, 3, 6);
