-- Quotes, line feeds, emoji, backslashes, dollar signs, blanks and keywords in the names of everything.
CREATE SCHEMA "Shop ""A"".b";
CREATE SCHEMA "select";
CREATE TABLE "Shop ""A"".b"."we""ird.tab
le 😀" ("Id" int PRIMARY KEY, "user" text NOT NULL, "a b,c" text NOT NULL, "$goc$" int, "back\slash'" text, "%s %I" int);
CREATE TABLE "select"."order" ("table" int PRIMARY KEY, "from
where" int REFERENCES "Shop ""A"".b"."we""ird.tab
le 😀" ON DELETE CASCADE, "Größe" text, UNIQUE ("from
where", "Größe"));
INSERT INTO "Shop ""A"".b"."we""ird.tab
le 😀" VALUES (1, 'x', 'y', 1, 'a\b', 5), (2, 'x', 'y', 2, 'a\b', 6), (3, 'x', 'z', 4, 'a\b', 7);
INSERT INTO "select"."order" VALUES (1, 1, 'q'), (2, 2, 'q'), (3, 2, 'r'), (4, 3, 'q');
