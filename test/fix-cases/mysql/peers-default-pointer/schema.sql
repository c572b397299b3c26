-- "Keep the newest" would delete the row that another table points to as its default, by a name that nobody looks for.
CREATE TABLE model (id int PRIMARY KEY, name varchar(40) NOT NULL, updated_at datetime NOT NULL);
CREATE TABLE workspace (id int PRIMARY KEY, fallback int, FOREIGN KEY (fallback) REFERENCES model (id) ON DELETE SET NULL);
CREATE TABLE preference (id int PRIMARY KEY, name varchar(40), value varchar(40));
INSERT INTO model VALUES (1, 'm', '2026-01-01'), (2, 'm', '2026-01-01');
INSERT INTO workspace VALUES (1, 1);
INSERT INTO preference VALUES (1, 'default_model', '1'), (2, 'theme', '1');
