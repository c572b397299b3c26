-- Older row formats have shorter keys: a digest takes the place of the text.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL) ROW_FORMAT = COMPACT;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
