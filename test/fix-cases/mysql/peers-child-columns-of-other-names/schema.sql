-- Two columns of the child are about the same table, under names that don't tell: only the right ones change.
CREATE TABLE conversation (id int PRIMARY KEY, subject varchar(40) NOT NULL);
CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE mute (id int PRIMARY KEY, account_id int, thread int, origin int, FOREIGN KEY (account_id) REFERENCES account (id), FOREIGN KEY (thread) REFERENCES conversation (id), FOREIGN KEY (origin) REFERENCES conversation (id));
INSERT INTO conversation VALUES (1, 'x'), (2, 'x'), (3, 'y');
INSERT INTO account VALUES (1), (2), (3);
INSERT INTO mute VALUES (1, 2, 2, 3), (2, 2, 3, 2), (3, 1, NULL, 1);
