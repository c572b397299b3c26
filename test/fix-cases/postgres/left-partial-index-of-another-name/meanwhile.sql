CREATE UNIQUE INDEX few ON cart (session) WHERE id > 2;
CREATE UNIQUE INDEX wider ON cart (session, id);
CREATE UNIQUE INDEX other_order ON cart (session COLLATE "C") INCLUDE (tenant) WHERE id > 2;
