-- The same where a policy writes it.
CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
INSERT INTO cart VALUES (1, 'a', '2026-01-01'), (2, 'a', '2026-01-02');
