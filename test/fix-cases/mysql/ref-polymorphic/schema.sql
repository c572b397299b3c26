-- A generic reference: ids as text, in rows that a condition picks out; those of other types stay.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL);
CREATE TABLE audit_log (id int PRIMARY KEY, content_type varchar(40) NOT NULL, object_id varchar(20) NOT NULL);
INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
INSERT INTO audit_log VALUES (1, 'cart', '2'), (2, 'order', '2'), (3, 'cart', '3'), (4, 'cart', 'x'), (5, 'cart', '02');
