-- Each first-seen stamp takes the earliest, which is right only for what the columns mean: so it is said per column.
CREATE TABLE onboarding (id int PRIMARY KEY, org int NOT NULL, connected_at datetime, ran_query_at datetime, finished boolean);
INSERT INTO onboarding VALUES (1, 1, '2026-01-03', NULL, false), (2, 1, '2026-01-02', '2026-01-04', true), (3, 1, NULL, '2026-01-05', NULL);
