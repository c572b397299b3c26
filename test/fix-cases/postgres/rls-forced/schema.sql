-- Row security that counts for the owner, too: nobody knows what it hides.
CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart);
ALTER TABLE item ENABLE ROW LEVEL SECURITY;
ALTER TABLE item FORCE ROW LEVEL SECURITY;
INSERT INTO cart VALUES (1, 'a'), (2, 'a');
