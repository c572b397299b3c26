-- Names as long as can be, which differ only at their ends; whatever is made of them has to be cut and stay different.
CREATE TABLE äääääääääääääääääääääääääääääääx (id int PRIMARY KEY, "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee1" text NOT NULL,
  "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee2" text NOT NULL);
CREATE TABLE iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii1 (id int PRIMARY KEY, parent int REFERENCES äääääääääääääääääääääääääääääääx);
CREATE TABLE iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii2 (id int PRIMARY KEY, parent int REFERENCES äääääääääääääääääääääääääääääääx);
INSERT INTO äääääääääääääääääääääääääääääääx VALUES (1, 'a', 'x'), (2, 'a', 'x'), (3, 'b', 'y'), (4, 'c', 'y');
INSERT INTO iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii1 VALUES (1, 2);
INSERT INTO iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii2 VALUES (1, 4);
