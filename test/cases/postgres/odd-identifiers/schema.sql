CREATE TABLE "we""ird.tab
le 😀" ("select" int NOT NULL, "a b,c" text, "ÄÖ" int NOT NULL, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" int NOT NULL);
INSERT INTO "we""ird.tab
le 😀" VALUES (1, 'x', 1, 1), (1, 'x', 2, 1);
CREATE UNIQUE INDEX ON "we""ird.tab
le 😀" ("ÄÖ");
