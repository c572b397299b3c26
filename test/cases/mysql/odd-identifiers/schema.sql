CREATE TABLE `we``ird.tab"le %s ?` (`select` int NOT NULL, `a b,c` varchar(10), `ÄÖ` int NOT NULL, `D?%` datetime, `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` int NOT NULL, UNIQUE `u``q ?` (`ÄÖ`));
INSERT INTO `we``ird.tab"le %s ?` VALUES (1, 'x', 1, NULL, 1), (1, 'X', 2, NULL, 1);
