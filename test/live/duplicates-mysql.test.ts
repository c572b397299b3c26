import { describe, expect, test } from 'vitest'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { forEachMysql } from '../support/servers.js'
import { count, countOne, keySet, large } from './duplicates-support.js'

/** Both ways of counting must agree, so every case is counted both ways. */
const sizes = { 'a small table': {}, 'a large table': large }

forEachMysql((server) => {
  describe.each(Object.entries(sizes))('%s', (_, size) => {
    test('groups, surplus rows, identical and divergent, stamps, samples and references', () =>
      withMysqlDatabase(
        server,
        `CREATE TABLE cart (id int PRIMARY KEY AUTO_INCREMENT, session_id varchar(40), total int, created_at datetime(3));
         CREATE TABLE item (id int PRIMARY KEY AUTO_INCREMENT, cart_id int, FOREIGN KEY (cart_id) REFERENCES cart (id));
         INSERT INTO cart (session_id, total, created_at) VALUES
           ('a', 1, '2024-01-01 10:00:00'), ('a', 1, '2024-01-01 10:00:00.4'), ('a', 1, '2024-01-02 10:00:00'),
           ('b', 1, '2024-01-03 10:00:00'), ('b', 2, '2024-01-05 10:00:00'),
           ('c', 1, '2023-01-01 10:00:00'), (NULL, 1, now()), (NULL, 1, now());
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
            references: [{ from: expect.stringMatching(/item\(cart_id\)$/), rows: 4 }],
            firstSeen: '2024-01-01T10:00:00',
            lastSeen: '2024-01-05T10:00:00',
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
      withMysqlDatabase(
        server,
        `CREATE TABLE account (id int PRIMARY KEY, email varchar(40), code varchar(40)) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
         INSERT INTO account VALUES (1, 'a', '1'), (2, 'A', '01'), (3, 'a ', '1x'), (4, 'ss', '-0'), (5, 'ß', '0'), (6, 'b', '2')`,
        async ({ url }) => {
          const sets = [
            keySet('account', ['email']),
            keySet('account', ['email'], { match: { email: 'like' } }),
            keySet('account', ['email'], { match: { email: 'binary' } }),
            keySet('account', ['email'], { match: { email: 'lower' } }),
            keySet('account', ['email'], { boundAs: { email: 'varbinary(40)' } }),
            keySet('account', ['code']),
            keySet('account', ['code'], { boundAs: { code: 'bigint' } }),
            keySet('account', ['(upper(email))']),
            keySet('account', ['(code + 0e0)']),
          ]
          const counts = await count(url, sets, size)
          expect(
            counts.map((each) => each.counted && [each.groups, each.surplusRows, each.constraintSurplusRows]),
          ).toEqual([
            [2, 3, 3],
            [1, 1, 3],
            [0, 0, 0],
            [2, 3, 3],
            [0, 0, 0],
            [0, 0, 0],
            [2, 3, 0],
            [2, 3, 3],
            [2, 3, 3],
          ])
        },
      ))

    test('texts that differ far behind their beginning, and long ones', () =>
      withMysqlDatabase(
        server,
        `CREATE TABLE t (id int PRIMARY KEY, k longtext, v varchar(3000), b longblob, j json) CHARACTER SET utf8mb4;
         INSERT INTO t SELECT n, CONCAT(REPEAT('x', 3000), n * 5 % 7), CONCAT(REPEAT('x', 2000), n * 5 % 7),
           CONCAT(REPEAT('x', 3000), n * 5 % 7), JSON_OBJECT('k', REPEAT('x', 3000), 'n', n * 5 % 7)
           FROM (SELECT a.n + b.n AS n FROM (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3) AS a,
             (SELECT 0 AS n UNION SELECT 4 UNION SELECT 8) AS b) AS r WHERE n < 11;
         INSERT INTO t (id, k) VALUES (20, REPEAT('y', 1000000)), (21, CONCAT(REPEAT('y', 999999), 'Y')),
           (22, REPEAT('y', 999999)), (23, CONCAT(REPEAT('y', 999999), 'z'))`,
        async ({ url }) => {
          const columns = ['k', 'v', 'b', 'j']
          const counts = await count(url, [...columns.map((name) => keySet('t', [name])), keySet('t', columns)], size)
          expect(counts.map((each) => each.counted && [each.groups, each.surplusRows, each.largestGroup])).toEqual([
            [5, 5, 2],
            [4, 4, 2],
            [4, 4, 2],
            [4, 4, 2],
            [4, 4, 2],
          ])
        },
      ))

    test('any name that the server accepts', () => {
      const names = [
        'say "hi"',
        'new\nline',
        'back`quote',
        'select',
        'goc_k0',
        'r',
        '?',
        '100% %s',
        'Großes',
        'x'.repeat(64),
      ]
      const quoted = names.map((name) => `\`${name.replaceAll('`', '``')}\``)
      return withMysqlDatabase(
        server,
        `CREATE TABLE \`od'd "?\` (${quoted.map((name) => `${name} varchar(20)`).join(', ')});
         INSERT INTO \`od'd "?\` VALUES ('a', 'b', 'c', 'd', 'e', 'f', NULL, 'h', 'i', 'j'), ('a', 'b', 'c', 'd', 'e', 'f', NULL, 'h', 'i', 'j')`,
        async ({ url }) => {
          const set = (columns: string[], nulls: 'looked-up' | 'never') => keySet(`od'd "?`, columns, { nulls })
          const sets = [
            ...names.filter((name) => name !== '?').map((name) => set([name], 'never')),
            set(names, 'looked-up'),
          ]
          for (const counts of await count(url, sets, size))
            expect(counts).toMatchObject({ counted: true, groups: 1, surplusRows: 1, identicalGroups: 1 })
        },
      )
    })

    test('the predicate is part of the lookup, and alone it may be all of it', () =>
      withMysqlDatabase(
        server,
        `CREATE TABLE account (id int PRIMARY KEY, email varchar(40), site int, deleted_at datetime);
         INSERT INTO account VALUES (1, 'a', 1, NULL), (2, 'a', 1, now()), (3, 'b', 1, NULL), (4, 'b', 1, NULL), (5, 'b', 2, NULL)`,
        async ({ url }) => {
          const live = keySet('account', ['email'], { where: 'deleted_at IS NULL AND site = 1' })
          expect(await countOne(url, live, size)).toMatchObject({ groups: 1, surplusRows: 1 })
          const site = keySet('account', ['site'], { where: 'site = 1 OR false' })
          expect(await countOne(url, site, size)).toMatchObject({ groups: 1, surplusRows: 3, largestGroup: 4 })
        },
      ))

    test('values of every type', () =>
      withMysqlDatabase(
        server,
        `CREATE TABLE t (id int PRIMARY KEY, k int, data json, place point, twice int AS (id * 2) STORED, f double, d decimal(10,2),
           e enum('a','b'), s set('a','b'), b bit(4), v varbinary(10), y year, ti time(3), day date, created_at timestamp NULL);
         INSERT INTO t (id, k, data, place, f, d, e, s, b, v, y, ti, day, created_at) VALUES
           (1, 1, '{"id":1}', POINT(1,1), 0, 1, 'a', 'a,b', 5, x'0061', 2024, '10:00:00.5', '2024-01-01', '2024-01-01 00:00:00'),
           (2, 1, '{"id":1}', POINT(1,1), -0e0, 1.00, 'a', 'b,a', 5, x'0061', 2024, '10:00:00.5', '2024-01-01', '2024-01-01 00:00:00'),
           (3, 2, '{"id":2}', POINT(1,1), 1.5, 2, 'b', '', 6, x'00', 2025, '11:00:00.5', '2024-01-02', NULL),
           (4, 2, '{"id":2, "b":1}', POINT(1,2), 2.5, 3, NULL, NULL, 7, x'', 2026, '12:00:00.5', '2024-01-03', NULL)`,
        async ({ url }) => {
          const columns = ['f', 'd', 'e', 's', 'b', 'v', 'y', 'ti', 'day', 'data']
          const [k, point, ...rest] = await count(
            url,
            [
              keySet('t', ['k']),
              keySet('t', ['k', 'place']),
              ...columns.map((name) => keySet('t', [name])),
              keySet('t', columns),
            ],
            size,
          )
          expect(k).toMatchObject({
            groups: 2,
            surplusRows: 2,
            bornWithinSecond: 1,
            firstSeen: '2024-01-01T00:00:00+00:00',
          })
          expect(point).toMatchObject({ counted: false, reason: 'no-equality', incomplete: false })
          for (const counts of rest) expect(counts).toMatchObject({ groups: 1, surplusRows: 1 })
          expect(
            rest.map(
              (each) =>
                each.counted &&
                Object.values(each.samples[0]?.key ?? {})
                  .slice(0, 6)
                  .join(),
            ),
          ).toEqual([
            expect.stringMatching(/^-?0$/),
            '1.00',
            'a',
            'a,b',
            '0x05',
            '0x0061',
            '2024',
            '10:00:00.500',
            '2024-01-01',
            expect.stringMatching(/^\{"id": ?1\}$/),
            expect.stringMatching(/^-?0,1\.00,a,a,b,0x05,0x0061$/),
          ])
        },
      ))
  })

  test('of a large table, --exists looks no further than the first group', () =>
    withMysqlDatabase(
      server,
      `CREATE TABLE t (id int PRIMARY KEY, k varchar(20), i int, KEY (i)); SET SESSION cte_max_recursion_depth = 100000;
       INSERT INTO t WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 1000) SELECT n, n % 900, n % 900 FROM s`.replace(
        /SET SESSION \w+ = \d+;/,
        server.kind === 'mysql' ? '$&' : '',
      ),
      async ({ url }) => {
        for (const name of ['k', 'i']) {
          const all = await countOne(url, keySet('t', [name]), large)
          expect(all).toMatchObject({ exact: true, groups: 100, surplusRows: 100 })
          const first = await countOne(url, keySet('t', [name]), { ...large, exists: true })
          expect(first).toMatchObject({ exact: false, groups: 1, surplusRows: 1, constraintGroups: 1 })
        }
        const none = await countOne(url, keySet('t', ['id', 'k']), { ...large, exists: true })
        expect(none).toMatchObject({ exact: true, groups: 0, surplusRows: 0 })
      },
    ))

  /** So many that they are told of by their hashes, and some of those are of two keys. */
  test('more duplicate groups than are fetched, among them keys that share a hash', { timeout: 120_000 }, () =>
    withMysqlDatabase(
      server,
      `CREATE TABLE t (id int PRIMARY KEY, k varbinary(20), i int, note int, created_at datetime(3), KEY (i));
       CREATE TABLE child (id int PRIMARY KEY AUTO_INCREMENT, t_id int, FOREIGN KEY (t_id) REFERENCES t (id));
       CREATE TABLE d (d int); INSERT INTO d VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
       INSERT INTO t SELECT n, CONCAT('k', n % 101000), n % 101000, n < 300, '2026-01-01' + INTERVAL n SECOND
         FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d AS n
               FROM d a, d b, d c, d e, d f, d g WHERE g.d < 3) AS s WHERE n < 202000;
       INSERT INTO t VALUES (202001, 'plumless', -1, 0, '2026-01-01'), (202002, 'buckeroo', -2, 0, '2026-01-01'),
         (202003, 'codding', -3, 0, '2026-01-01'), (202004, 'codding', -3, 0, '2026-01-01 00:00:00.5'), (202005, 'gnu', -4, 0, NULL),
         (202006, 'gnu', -4, 0, NULL), (202007, 'gnu', -4, 1, NULL), (202008, NULL, NULL, 0, NULL), (202009, NULL, NULL, 0, NULL);
       INSERT INTO child (t_id) VALUES (101001), (101002), (5), (202004), (202007)`,
      async ({ url }) => {
        const text = await countOne(url, keySet('t', ['k']))
        const whole = await countOne(url, keySet('t', ['i']))
        for (const counts of [text, whole])
          expect(counts).toMatchObject({
            exact: true,
            groups: 101_002,
            surplusRows: 101_003,
            largestGroup: 3,
            divergentGroups: 301,
            identicalGroups: 100_701,
            referencesToSurplus: 4,
            bornWithinSecond: 1,
            firstSeen: '2026-01-01T00:00:00',
          })
        expect(text).toMatchObject({
          samples: [{ key: { k: '0x676E75' }, rows: 3, differingColumns: ['note'] }, {}, {}],
        })
        expect(whole).toMatchObject({ samples: [{ key: { i: '-4' }, rows: 3, differingColumns: ['note'] }, {}, {}] })
        expect(await countOne(url, keySet('t', ['k'], { nulls: 'looked-up' }))).toMatchObject({
          groups: 101_003,
          surplusRows: 101_004,
        })
      },
    ),
  )
})
