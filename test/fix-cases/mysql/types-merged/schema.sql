-- Policies over what only MySQL has. It compares the texts of an ENUM.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, size enum('small', 'medium', 'large'), tags set('a', 'b', 'c'), flags bit(3), doc json, spot point, took decimal(5,2), big bigint unsigned, share float, bin varbinary(5));
INSERT INTO cart VALUES (1, 'a', 'medium', NULL, b'001', NULL, NULL, 1.25, 9223372036854775807, 0.25, NULL), (2, 'a', 'large', 'a,c', b'010', '{"a": 1}', POINT(1, 2), 2.5, 9223372036854775808, 0.5, x'00ff'), (3, 'a', 'small', 'b', NULL, '{}', NULL, NULL, NULL, NULL, x'00');
