import { describe, expect, test } from 'vitest'
import { withDatabase } from '../support/database.js'
import { forEachPostgres, servers } from '../support/servers.js'
import { count, countOne, keySet, large } from './duplicates-support.js'

/** Both ways of counting must agree, so every case is counted both ways. */
const sizes = { 'a small table': {}, 'a large table': large }

forEachPostgres(
  (server) => {
    describe.each(Object.entries(sizes))('%s', (_, size) => {
      test('groups, surplus rows, identical and divergent, stamps, samples and references', () =>
        withDatabase(
          server,
          `CREATE TABLE cart (id serial PRIMARY KEY, session_id text, total int, created_at timestamptz);
         CREATE TABLE item (id serial PRIMARY KEY, cart_id int REFERENCES cart);
         INSERT INTO cart (session_id, total, created_at) VALUES
           ('a', 1, '2024-01-01 10:00:00Z'), ('a', 1, '2024-01-01 10:00:00.4Z'), ('a', 1, '2024-01-02 10:00:00Z'),
           ('b', 1, '2024-01-03 10:00:00Z'), ('b', 2, '2024-01-05 10:00:00Z'),
           ('c', 1, '2023-01-01 10:00:00Z'), (NULL, 1, now()), (NULL, 1, now());
         INSERT INTO item (cart_id) VALUES (1), (2), (2), (3), (5), (6)`,
          async ({ url }) => {
            expect(await countOne(url, keySet('cart', ['session_id']), size)).toEqual({
              counted: true,
              exact: true,
              nulls: 'excluded',
              groups: 2,
              surplusRows: 3,
              largestGroup: 3,
              identicalGroups: 1,
              divergentGroups: 1,
              constraintGroups: 2,
              constraintSurplusRows: 3,
              referencesToSurplus: 4,
              references: [{ from: 'public.item(cart_id)', rows: 4 }],
              firstSeen: '2024-01-01T10:00:00+00:00',
              lastSeen: '2024-01-05T10:00:00+00:00',
              bornWithinSecond: 1,
              samples: [
                { key: { session_id: 'a' }, rows: 3, differingColumns: [] },
                { key: { session_id: 'b' }, rows: 2, differingColumns: ['total'] },
              ],
              notes: [],
            })
            const grouped = await countOne(url, keySet('cart', ['session_id'], { nulls: 'looked-up' }), size)
            expect(grouped).toMatchObject({ nulls: 'grouped', groups: 3, surplusRows: 4, constraintGroups: 3 })
            const merged = keySet('cart', ['session_id'], { resolution: { merge: { total: 'sum' } } })
            expect(await countOne(url, merged, size)).toMatchObject({ identicalGroups: 2, divergentGroups: 0 })
          },
        ))

      test('a key is compared as the lookup does, and the constraint by what an index would', () =>
        withDatabase(
          server,
          `CREATE EXTENSION citext;
         CREATE TABLE account (id int PRIMARY KEY, email citext, code char(4), name text);
         INSERT INTO account VALUES (1, 'a', 'x', 'A'), (2, 'A', 'x ', 'a'), (3, 'a', 'y', 'a'), (4, 'b', 'z', 's'), (5, 'c', 'z', 'S')`,
          async ({ url }) => {
            const sets = [
              keySet('account', ['email']),
              keySet('account', ['email'], { boundAs: { email: 'text' } }),
              keySet('account', ['email'], { match: { email: 'binary' } }),
              keySet('account', ['code']),
              keySet('account', ['name'], { match: { name: 'lower' } }),
              keySet('account', ['(upper(name))']),
            ]
            const counts = await count(url, sets, size)
            expect(
              counts.map((each) => each.counted && [each.groups, each.surplusRows, each.constraintSurplusRows]),
            ).toEqual([
              [1, 2, 2],
              [1, 1, 2],
              [1, 1, 1],
              [2, 2, 2],
              [2, 3, 3],
              [2, 3, 3],
            ])
          },
        ))

      test('rows of partitions and of inheriting tables are seen as the application sees them', () =>
        withDatabase(
          server,
          `CREATE TABLE visit (day date, session text, n int) PARTITION BY RANGE (day);
         CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
         CREATE TABLE visit_2 PARTITION OF visit FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
         INSERT INTO visit VALUES ('2024-01-05', 'a', 1), ('2024-02-05', 'a', 1), ('2024-02-05', 'b', 1);
         CREATE TABLE parent (id int PRIMARY KEY, k int);
         CREATE TABLE child () INHERITS (parent);
         INSERT INTO parent VALUES (1, 1), (2, 2), (3, 2); INSERT INTO child VALUES (4, 1), (5, 1)`,
          async ({ url }) => {
            const visit = await countOne(url, keySet('visit', ['session']), size)
            expect(visit).toMatchObject({ groups: 1, surplusRows: 1, divergentGroups: 1 })
            expect(visit.samples[0]).toEqual({ key: { session: 'a' }, rows: 2, differingColumns: ['day'] })
            const parent = await countOne(url, keySet('parent', ['k']), size)
            expect(parent).toMatchObject({ groups: 2, surplusRows: 3, constraintGroups: 1, constraintSurplusRows: 1 })
          },
        ))

      test('any name that the server accepts', () => {
        const names = ['say "hi"', 'new\nline', '🙂 order', 'select', 'k0', 'x'.repeat(63)]
        const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`)
        return withDatabase(
          server,
          `CREATE SCHEMA "od'd"; CREATE TABLE "od'd"."goc_audit_found" (${quoted.map((name) => `${name} text`).join(', ')});
         INSERT INTO "od'd"."goc_audit_found" SELECT 'a', 'b', NULL, 'c', 'd', 'e' FROM generate_series(1, 3)`,
          async ({ url }) => {
            const sets = names
              .filter((name) => name !== '🙂 order')
              .map((name) => keySet("od'd.goc_audit_found", [name]))
            const all = keySet("od'd.goc_audit_found", names, { nulls: 'looked-up' })
            for (const counts of await count(url, [...sets, all], size))
              expect(counts).toMatchObject({ counted: true, groups: 1, surplusRows: 2, identicalGroups: 1 })
          },
        )
      })

      test('the predicate is part of the lookup, and alone it may be all of it', () =>
        withDatabase(
          server,
          `CREATE TABLE account (id int PRIMARY KEY, email text, site int, deleted_at timestamptz);
         INSERT INTO account VALUES (1, 'a', 1, NULL), (2, 'a', 1, now()), (3, 'b', 1, NULL), (4, 'b', 1, NULL), (5, 'b', 2, NULL)`,
          async ({ url }) => {
            const live = keySet('account', ['email'], { where: 'deleted_at IS NULL AND site = 1' })
            expect(await countOne(url, live, size)).toMatchObject({ groups: 1, surplusRows: 1 })
            const site = keySet('account', ['site'], { where: 'site = 1 OR false' })
            expect(await countOne(url, site, size)).toMatchObject({ groups: 1, surplusRows: 3, largestGroup: 4 })
          },
        ))

      test('columns without equality, generated columns and infinite stamps', () =>
        withDatabase(
          server,
          `CREATE TABLE t (id int PRIMARY KEY, k int, data json, place point, twice int GENERATED ALWAYS AS (id * 2) STORED,
           created_on date, created_at timestamp);
         INSERT INTO t (id, k, data, place, created_at, created_on) VALUES
           (1, 1, '{"id":1}', '(1,1)', 'infinity', 'infinity'), (2, 1, '{"id":1}', '(1,1)', '-infinity', 'infinity'),
           (3, 2, '{"id":2}', '(1,1)', '2024-01-01', NULL), (4, 2, '{"id":2, "b":1}', '(1,1)', '2024-01-01', NULL)`,
          async ({ url }) => {
            const [k, expression, json, point] = await count(
              url,
              [
                keySet('t', ['k']),
                keySet('t', [`((data->>'id'))`]),
                keySet('t', ['data']),
                keySet('t', ['k', 'place']),
              ],
              size,
            )
            expect(k).toMatchObject({ groups: 2, identicalGroups: 1, divergentGroups: 1, bornWithinSecond: 1 })
            expect(k).toMatchObject({ firstSeen: '2024-01-01T00:00:00', lastSeen: '2024-01-01T00:00:00' })
            expect(expression).toMatchObject({ groups: 2, divergentGroups: 1 })
            expect(json).toMatchObject({ counted: false, reason: 'no-equality', incomplete: false })
            expect(point).toMatchObject({ counted: false, reason: 'no-equality', incomplete: false })
          },
        ))
    })

    test('of a large table, --exists looks no further than the first group', () =>
      withDatabase(
        server,
        `CREATE TABLE t (id int PRIMARY KEY, k text); INSERT INTO t SELECT i, i % 900 FROM generate_series(1, 1000) i`,
        async ({ url }) => {
          const all = await countOne(url, keySet('t', ['k']), large)
          expect(all).toMatchObject({ exact: true, groups: 100, surplusRows: 100 })
          const first = await countOne(url, keySet('t', ['k']), { ...large, exists: true })
          expect(first).toMatchObject({ exact: false, groups: 1, surplusRows: 1, constraintGroups: 1 })
          const none = await countOne(url, keySet('t', ['id', 'k']), { ...large, exists: true })
          expect(none).toMatchObject({ exact: true, groups: 0, surplusRows: 0 })
        },
      ))

    test('a table where every row is in a group, and one whose key has an index', () =>
      withDatabase(
        server,
        `CREATE TABLE t (id int PRIMARY KEY, few text, many text, pad text, created_at timestamptz);
       INSERT INTO t SELECT i, i % 4000, i % 59990, repeat('x', 300), '2024-01-01Z'::timestamptz + (i % 4000) * interval '1 minute' + i * interval '1 ms'
       FROM generate_series(1, 60000) i;
       CREATE INDEX ON t (many); CREATE INDEX ON t (few); ANALYZE t`,
        async ({ url }) => {
          const [few, many] = await count(url, [keySet('t', ['few']), keySet('t', ['many'])])
          expect(few).toMatchObject({ groups: 4000, surplusRows: 56_000, largestGroup: 15, identicalGroups: 0 })
          expect(few).toMatchObject({ bornWithinSecond: 0, samples: [{ key: { few: '0' } }, {}, {}] })
          expect(many).toMatchObject({ groups: 10, surplusRows: 10, identicalGroups: 0, exact: true })
          const first = await countOne(url, keySet('t', ['many']), { exists: true })
          expect(first).toMatchObject({ groups: 1, surplusRows: 1, exact: false })
        },
      ))
  },
  { pglite: false },
)

for (const server of servers().filter(({ kind }) => kind === 'pglite')) {
  test(`${server.label} counts the same way`, () =>
    withDatabase(
      server,
      `CREATE TABLE t (id int PRIMARY KEY, k text, n int); INSERT INTO t VALUES (1, 'a', 1), (2, 'a', 1), (3, 'a', 2), (4, 'b', 1)`,
      async ({ url }) => {
        for (const size of Object.values(sizes))
          expect(await countOne(url, keySet('t', ['k']), size)).toMatchObject({
            groups: 1,
            surplusRows: 2,
            divergentGroups: 1,
          })
      },
    ))
}
