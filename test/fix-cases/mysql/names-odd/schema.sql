-- Quotes, line feeds, backslashes, percent signs, question marks, comments and keywords in the names of everything.
CREATE DATABASE `fix_case Shop "A"``.b`;
CREATE DATABASE `fix_case select`;
CREATE TABLE `fix_case Shop "A"``.b`.`we"ird.tab;
le -- é '%s' ?` (`Id` int PRIMARY KEY, `user` varchar(40) NOT NULL, `a b,c` varchar(40) NOT NULL, `$x@y` int, `back\slash'` varchar(40), `%s ? :x /*` int);
CREATE TABLE `fix_case select`.`order` (`table` int PRIMARY KEY, `from
where` int, `Größe``;` varchar(40), UNIQUE `one;'" ?` (`from
where`, `Größe``;`), CONSTRAINT `to "the" ``shop` FOREIGN KEY (`from
where`) REFERENCES `fix_case Shop "A"``.b`.`we"ird.tab;
le -- é '%s' ?` (`Id`) ON DELETE CASCADE);
INSERT INTO `fix_case Shop "A"``.b`.`we"ird.tab;
le -- é '%s' ?` VALUES (1, 'x', 'y', 1, 'a\\b', 5), (2, 'x', 'y', 2, 'a\\b', 6), (3, 'x', 'z', 4, 'a\\b', 7);
INSERT INTO `fix_case select`.`order` VALUES (1, 1, 'q'), (2, 2, 'q'), (3, 2, 'r'), (4, 3, 'q');
