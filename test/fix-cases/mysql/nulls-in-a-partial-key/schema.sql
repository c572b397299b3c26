-- Only drafts without an owner are looked up by their title.
CREATE TABLE post (id int PRIMARY KEY, owner int, title varchar(40), draft boolean NOT NULL);
INSERT INTO post VALUES (1, NULL, 'x', true), (2, NULL, 'x', true), (3, NULL, 'x', false), (4, 1, 'x', true), (5, NULL, NULL, true), (6, NULL, NULL, true);
