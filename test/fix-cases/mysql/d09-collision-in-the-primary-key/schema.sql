-- The child's primary key is made of its references, so that a repointed row changes what it is known by.
CREATE TABLE post (id int PRIMARY KEY, slug varchar(40) NOT NULL);
CREATE TABLE tag (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE tagged (post_id int, tag_id int, PRIMARY KEY (post_id, tag_id), FOREIGN KEY (post_id) REFERENCES post (id) ON DELETE CASCADE, FOREIGN KEY (tag_id) REFERENCES tag (id) ON DELETE CASCADE);
INSERT INTO post VALUES (1, 'p'), (2, 'p'), (3, 'q');
INSERT INTO tag VALUES (1, 't'), (2, 't'), (3, 'u');
INSERT INTO tagged VALUES (2, 1), (2, 2), (1, 3), (2, 3), (3, 2);
