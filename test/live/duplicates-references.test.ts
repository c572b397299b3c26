import { expect, test } from 'vitest'
import { withDatabase } from '../support/database.js'
import { forEachPostgres } from '../support/servers.js'
import { countOne, keySet, large } from './duplicates-support.js'

forEachPostgres(
  (server) => {
    test('the survivor decides which references are to surplus rows', () =>
      withDatabase(
        server,
        `CREATE TABLE cart (id int PRIMARY KEY, k text, a text, b text, rank int);
         CREATE TABLE item (cart_id int REFERENCES cart);
         INSERT INTO cart VALUES (1, 'a', NULL, NULL, 5), (2, 'a', 'x', 'y', 7), (3, 'a', NULL, 'y', 9), (4, 'b', '', '', 1);
         INSERT INTO item SELECT 1 FROM generate_series(1, 10); INSERT INTO item SELECT 2 FROM generate_series(1, 200);
         INSERT INTO item SELECT 3 FROM generate_series(1, 3000); INSERT INTO item VALUES (4), (NULL)`,
        async ({ url }) => {
          const to = async (survivor: string) =>
            (await countOne(url, keySet('cart', ['k'], { resolution: { survivor } }))).referencesToSurplus
          expect(await to('oldest')).toBe(3200)
          expect(await to('newest')).toBe(210)
          expect(await to('most-complete')).toBe(3010)
          expect(await to('most-referenced')).toBe(210)
          expect(await to('abs(rank - 6) DESC -- nearest last')).toBe(210)
          expect(await to('rank % 7, id DESC')).toBe(3010)
        },
      ))

    test('foreign keys of any shape, each counted once', () =>
      withDatabase(
        server,
        `CREATE SCHEMA other; CREATE SCHEMA "odd schema";
         CREATE TABLE cart (tenant int, id int, k text, code text UNIQUE, twin int, PRIMARY KEY (tenant, id),
           FOREIGN KEY (tenant, twin) REFERENCES cart (tenant, id));
         CREATE TABLE other.item (cart_id int, tenant int, FOREIGN KEY (tenant, cart_id) REFERENCES cart (tenant, id));
         CREATE TABLE "odd schema"."member" (t0 text REFERENCES cart (code), "select" int);
         CREATE TABLE spread (cart_code text REFERENCES cart (code), day date) PARTITION BY RANGE (day);
         CREATE TABLE spread_1 PARTITION OF spread FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
         INSERT INTO cart VALUES (1, 1, 'a', 'c1', 2), (1, 2, 'a', 'c2', 2), (2, 1, 'a', 'c3', NULL), (2, 2, 'b', 'c4', NULL);
         INSERT INTO other.item VALUES (2, 1), (2, 1), (1, 1), (1, NULL);
         INSERT INTO "odd schema"."member" VALUES ('c3', 1), ('c1', 1), (NULL, 1);
         INSERT INTO spread VALUES ('c3', '2024-05-01'), ('c2', '2024-05-01')`,
        async ({ url }) => {
          for (const size of [{}, large]) {
            const counts = await countOne(url, keySet('cart', ['k']), size)
            expect(counts).toMatchObject({ groups: 1, surplusRows: 2, referencesToSurplus: 7, notes: [] })
            expect(counts.references?.reduce((sum, { rows }) => sum + rows, 0)).toBe(7)
            expect(counts.references).toContainEqual({ from: 'other.item(tenant, cart_id)', rows: 2 })
            expect(counts.references).toContainEqual({ from: '"odd schema".member(t0)', rows: 1 })
          }
        },
      ))

    test('declared references: other types, a condition, and what can’t be counted', () =>
      withDatabase(
        server,
        `CREATE TABLE cart (id bigint PRIMARY KEY, k text);
         CREATE TABLE item (id int, cart_id bigint REFERENCES cart);
         CREATE TABLE audit_log (object_id text, content_type text);
         INSERT INTO cart VALUES (1, 'a'), (2, 'a'); INSERT INTO item VALUES (1, 2), (2, 1);
         INSERT INTO audit_log VALUES ('2', 'cart'), ('2', 'user'), ('1', 'cart'), ('x', 'cart')`,
        async ({ url }) => {
          const set = (...references: { table: { name: string }; columns: string[]; where?: string }[]) =>
            keySet('cart', ['k'], {
              resolution: { references: references.map((reference) => ({ ...reference, merge: {} })) },
            })
          const log = { table: { name: 'audit_log' }, columns: ['object_id'], where: `content_type = 'cart'` }
          expect(await countOne(url, set(log))).toMatchObject({ referencesToSurplus: 2, notes: [] })
          const item = { table: { name: 'item' }, columns: ['cart_id'] }
          expect(await countOne(url, set(item))).toMatchObject({ referencesToSurplus: 1, notes: [] })
          const gone = { table: { name: 'gone' }, columns: ['cart_id'] }
          const wrong = { table: { name: 'audit_log' }, columns: ['no_such'] }
          const counts = await countOne(url, set(log, gone, wrong))
          expect(counts).toMatchObject({ groups: 1, referencesToSurplus: null })
          expect(counts.notes).toEqual([
            'References from gone were not counted: there is no such table.',
            'References from audit_log were not counted: column "no_such" does not exist.',
          ])
        },
      ))

    test('rows without a primary key are told apart by their place', () =>
      withDatabase(
        server,
        `CREATE TABLE t (k text, code text UNIQUE, wide_1 int); CREATE TABLE child (code text REFERENCES t (code));
         INSERT INTO t VALUES ('a', 'x', 1), ('a', 'y', NULL), ('a', NULL, NULL); INSERT INTO child VALUES ('x'), ('y'), ('y')`,
        async ({ url }) => {
          for (const survivor of ['oldest', 'most-complete', 'most-referenced']) {
            const expected = survivor === 'most-referenced' ? 1 : 2
            const counts = await countOne(url, keySet('t', ['k'], { resolution: { survivor } }))
            expect(counts).toMatchObject({ groups: 1, surplusRows: 2, referencesToSurplus: expected })
          }
        },
      ))

    test('a table of very many columns', () => {
      const columns = Array.from({ length: 1500 }, (_, at) => `c${at} int`).join(', ')
      return withDatabase(
        server,
        `CREATE TABLE wide (id int PRIMARY KEY, k int, ${columns}); CREATE TABLE child (wide_id int REFERENCES wide);
         INSERT INTO wide (id, k, c1400) VALUES (1, 1, NULL), (2, 1, 1), (3, 2, 1), (4, 2, 1); INSERT INTO child VALUES (1), (2), (2)`,
        async ({ url }) => {
          for (const size of [{}, large, { table: { ...large.table, kind: 'view' as const } }]) {
            const set = keySet('wide', ['k'], { resolution: { survivor: 'most-complete' } })
            const counts = await countOne(url, set, size)
            expect(counts).toMatchObject({ groups: 2, identicalGroups: 1, referencesToSurplus: 1 })
            expect(counts.samples[0]?.differingColumns).toEqual(['c1400'])
          }
        },
      )
    })
  },
  { pglite: false },
)
