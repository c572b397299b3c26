-- Row security that the owner passes: every row counts.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
ALTER TABLE cart ENABLE ROW LEVEL SECURITY;
CREATE POLICY none ON cart USING (false);
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
