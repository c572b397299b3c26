-- Rows that nothing tells apart; the advice is a column that would.
CREATE TABLE event (kind varchar(40) NOT NULL, number int);
INSERT INTO event VALUES ('a', 1), ('a', 1);
