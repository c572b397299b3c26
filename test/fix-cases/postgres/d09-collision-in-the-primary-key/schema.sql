-- The child's primary key is made of its references, so that a repointed row changes what it is known by.
CREATE TABLE post (id int PRIMARY KEY, slug text NOT NULL);
CREATE TABLE tag (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE tagged (post_id int REFERENCES post ON DELETE CASCADE, tag_id int REFERENCES tag ON DELETE CASCADE, PRIMARY KEY (post_id, tag_id));
INSERT INTO post VALUES (1, 'p'), (2, 'p'), (3, 'q');
INSERT INTO tag VALUES (1, 't'), (2, 't'), (3, 'u');
INSERT INTO tagged VALUES (2, 1), (2, 2), (1, 3), (2, 3), (3, 2);
