import type { KeySet } from '../../src/model/keyset.js'
import { keySet } from './scan.js'

/** Makes `public` anew: the same rows in the same places each time. */
export const killShop = `
  DROP SCHEMA IF EXISTS goc_audit CASCADE;
  DROP SCHEMA public CASCADE;
  CREATE SCHEMA public;
  CREATE TABLE cart (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session text NOT NULL, note text,
    hits int NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT '2026-01-01');
  CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cart_id bigint NOT NULL REFERENCES cart (id) ON DELETE CASCADE, product int NOT NULL, UNIQUE (cart_id, product));
  CREATE TABLE mark (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, item_id bigint REFERENCES item (id) ON DELETE SET NULL);
  CREATE TABLE tag (id int PRIMARY KEY, name text NOT NULL);
  CREATE TABLE cart_tag (cart_id bigint REFERENCES cart (id), tag_id int REFERENCES tag (id), PRIMARY KEY (cart_id, tag_id));
  INSERT INTO cart (session, note, hits) SELECT 's' || n % 40, 'note ' || n, n FROM generate_series(1, 100) AS n;
  INSERT INTO item (cart_id, product) SELECT 1 + n % 100, n / 100 FROM generate_series(0, 299) AS n;
  INSERT INTO mark (item_id) SELECT 1 + n % 300 FROM generate_series(0, 399) AS n;
  INSERT INTO tag SELECT n, CASE WHEN n % 2 = 0 THEN 'Tag' ELSE 'tag' END || n / 4 FROM generate_series(1, 20) AS n;
  INSERT INTO cart_tag SELECT 1 + n % 100, 1 + n % 20 FROM generate_series(0, 99) AS n;`

export const killKeySets: readonly KeySet[] = [
  keySet('cart', ['session'], {
    resolution: { survivor: 'oldest', merge: { hits: 'sum', note: 'concat' }, divergent: 'stop', references: [] },
  }),
  keySet('tag', ['name'], {
    match: { name: 'lower' },
    resolution: { survivor: 'newest', merge: {}, divergent: 'keep-survivor', references: [] },
  }),
]
