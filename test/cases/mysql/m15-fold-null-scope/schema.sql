CREATE TABLE `t2"quoted` (
  id int PRIMARY KEY,
  c0 varchar(20) COLLATE utf8mb4_bin,
  `r8ß%` datetime
);
CREATE TABLE `a.b'c` (
  id int PRIMARY KEY,
  `k.0"` text COLLATE utf8mb4_bin,
  `d'?` varchar(20) COLLATE utf8mb4_general_ci,
  `e``%s` int
);
INSERT INTO `t2"quoted` VALUES (1, 'A', NULL), (2, 'a', NULL), (3, NULL, NULL), (4, NULL, NULL), (5, NULL, '2020-01-01'), (6, '', NULL);
INSERT INTO `a.b'c` VALUES (1, 'A', 'x', 1), (2, 'a', 'X', 1), (3, NULL, NULL, 1), (4, NULL, NULL, 1), (5, '', '', 1), (6, 'A', 'x', 2);
