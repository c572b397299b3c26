-- Of these formats, an index holds 767 bytes of a column; of several columns more.
CREATE TABLE c (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL) ENGINE=InnoDB ROW_FORMAT=COMPACT;
CREATE TABLE r (id bigint AUTO_INCREMENT PRIMARY KEY, a varchar(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, b varchar(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL) ENGINE=InnoDB ROW_FORMAT=REDUNDANT;
INSERT INTO c (a) VALUES ('x'), ('X '), ('y');
INSERT INTO r (a, b) VALUES ('x', 'y'), ('x', 'y');
