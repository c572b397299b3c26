-- Every policy over three rows, NULLs among them.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, low int, high int, total decimal(8,2), any_of boolean, all_of boolean, bits int, words varchar(40), first varchar(40), last varchar(40), kept varchar(40), updated_at datetime);
INSERT INTO cart VALUES
  (1, 'a', 5, NULL, 1.10, false, true, 1, 'x', NULL, 'l1', 'k1', '2026-01-02'),
  (2, 'a', 3, 2, NULL, true, false, 2, 'y', 'f2', 'l2', 'k2', '2026-01-03'),
  (3, 'a', NULL, 7, 2.25, NULL, NULL, NULL, 'x', 'f3', 'l3', 'k3', NULL),
  (4, 'b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, 'b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
