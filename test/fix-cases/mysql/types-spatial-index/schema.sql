-- A spatial index, and one that finds words.
CREATE TABLE place (id int PRIMARY KEY, name varchar(40) NOT NULL, spot geometry NOT NULL, about text, SPATIAL KEY (spot), FULLTEXT KEY (about));
CREATE TABLE visit (id int PRIMARY KEY, place_id int, FOREIGN KEY (place_id) REFERENCES place (id));
INSERT INTO place VALUES (1, 'x', ST_GeomFromText('POINT(1 2)'), 'some words'), (2, 'x', ST_GeomFromText('POINT(1 2)'), 'some words'), (3, 'y', ST_GeomFromText('LINESTRING(0 0,1 1)'), NULL);
INSERT INTO visit VALUES (1, 2);
