-- Stamps of creation take the earliest without being asked, unless a policy says otherwise.
CREATE TABLE person (id int PRIMARY KEY, email varchar(40) NOT NULL, created_at datetime NOT NULL, date_joined date, seen_first datetime DEFAULT CURRENT_TIMESTAMP, inserted_at datetime, entered datetime DEFAULT CURRENT_TIMESTAMP);
INSERT INTO person VALUES (1, 'a', '2026-01-02', '2026-02-02', '2026-03-02', NULL, '2026-05-02'),
  (2, 'a', '2026-01-01', NULL, '2026-03-01', '2026-04-01', '2026-05-01'), (3, 'a', '2026-01-03', '2026-02-01', NULL, '2026-04-02', '2026-05-03');
