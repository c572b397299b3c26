import { expect, test } from 'vitest'
import { withDatabase } from '../support/database.js'
import { forEachPostgres } from '../support/servers.js'
import { count, countOne, keySet, large } from './duplicates-support.js'

const cart = `CREATE TABLE cart (id int PRIMARY KEY, k text, secret text);
  INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', 'y'), (3, 'b', 'z');`

forEachPostgres(
  (server) => {
    test('one key set that takes too long leaves the others counted', () =>
      withDatabase(server, cart, async ({ url }) => {
        const slow = keySet('cart', ['k'], { where: 'pg_sleep(2) IS NOT NULL' })
        for (const size of [{}, large]) {
          const answers = await count(url, [keySet('cart', ['k']), slow, keySet('cart', ['k', 'id'])], {
            ...size,
            timeout: 700,
          })
          expect(answers).toMatchObject([
            { counted: true, groups: 1 },
            { counted: false, reason: 'timeout', incomplete: true },
            { counted: true, groups: 0 },
          ])
        }
      }))

    test('an expression that fails on the data is told with the server’s words', () =>
      withDatabase(server, cart, async ({ url }) => {
        for (const size of [{}, large]) {
          const answers = await count(url, [keySet('cart', ['(k::int)']), keySet('cart', ['k'])], size)
          expect(answers).toMatchObject([
            { counted: false, incomplete: true },
            { counted: true, groups: 1 },
          ])
          expect(answers[0]).toHaveProperty('detail', expect.stringContaining('public.cart: invalid input syntax'))
        }
      }))

    test('a table dropped or locked after the catalog was read', () =>
      withDatabase(server, cart, async ({ url, query, connect }) => {
        const blocker = await connect()
        const locked = await count(url, [keySet('cart', ['k'])], {
          timeout: 500,
          meanwhile: () => blocker.query('BEGIN; LOCK TABLE cart'),
        })
        expect(locked).toMatchObject([{ counted: false, reason: 'timeout', incomplete: true }])
        await blocker.query('ROLLBACK')
        const gone = await count(url, [keySet('cart', ['k'])], { meanwhile: () => query('DROP TABLE cart') })
        expect(gone).toMatchObject([{ counted: false, reason: 'vanished', incomplete: true }])
      }))

    test('row security is never a silent zero', () =>
      withDatabase(
        server,
        `${cart} ALTER TABLE cart ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON cart USING (k = 'b')`,
        async ({ reader }) => {
          const { url } = await reader()
          for (const size of [{}, large]) {
            const [answer] = await count(url, [keySet('cart', ['k'])], size)
            expect(answer).toMatchObject({ counted: false, reason: 'row-security', incomplete: true })
          }
        },
      ))

    test('privileges: none on the table, on some columns, and none on a table that refers to it', () =>
      withDatabase(
        server,
        `${cart} CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart); INSERT INTO item VALUES (1, 2)`,
        async (database) => {
          const { name, url } = await database.reader()
          await database.query(`REVOKE SELECT ON item FROM ${name}`)
          const counts = await countOne(url, keySet('cart', ['k']))
          expect(counts).toMatchObject({ groups: 1, referencesToSurplus: null })
          expect(counts.notes).toEqual([
            'References from public.item were not counted: permission denied for table item.',
          ])
          await database.query(
            `REVOKE SELECT ON cart FROM ${name}; GRANT SELECT (id, k) ON cart TO ${name}; GRANT SELECT ON item TO ${name}`,
          )
          for (const size of [{}, large])
            expect(await countOne(url, keySet('cart', ['k']), size)).toMatchObject({
              groups: 1,
              identicalGroups: 1,
              referencesToSurplus: 1,
              notes: ['Groups may also differ in "secret", which this role may not read.'],
            })
          const secret = await count(url, [keySet('cart', ['k']), keySet('cart', ['secret'])]).catch(String)
          expect(JSON.stringify(secret)).toMatch(/no-privilege|permission denied/)
        },
      ))

    test('a budget in rows or bytes', () =>
      withDatabase(
        server,
        `${cart} CREATE TABLE item (id int PRIMARY KEY, cart_id int REFERENCES cart); INSERT INTO item SELECT i, 2 FROM generate_series(1, 5000) i; ANALYZE`,
        async ({ url }) => {
          const rows = { rows: 2, bytes: 1e9 }
          expect(await count(url, [keySet('cart', ['k'])], { budget: rows })).toEqual([
            {
              counted: false,
              reason: 'over-budget',
              detail: 'public.cart has about 3 rows, more than the budget of 2.',
              incomplete: false,
            },
          ])
          expect(await count(url, [keySet('cart', ['k'])], { budget: { rows: 100, bytes: 10 } })).toMatchObject([
            { counted: false, reason: 'over-budget' },
          ])
          const counts = await countOne(url, keySet('cart', ['k']), { budget: { rows: 1000, bytes: 1e9 } })
          expect(counts).toMatchObject({ groups: 1, referencesToSurplus: null })
          expect(counts.notes).toEqual([
            'References from public.item were not counted: it has about 5,000 rows, more than the budget of 1,000.',
          ])
        },
      ))

    test('a foreign table is left to its own server', () =>
      withDatabase(
        server,
        `CREATE EXTENSION postgres_fdw; CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'nowhere.invalid');
         CREATE FOREIGN TABLE far (id int, k text) SERVER elsewhere`,
        async ({ url }) => {
          const [answer] = await count(url, [keySet('far', ['k'])])
          expect(answer).toMatchObject({ counted: false, reason: 'not-judgeable', incomplete: false })
        },
      ))

    test('a lost connection rejects', () =>
      withDatabase(server, cart, async ({ url, query }) => {
        const slow = keySet('cart', ['k'], { where: 'pg_sleep(5) IS NOT NULL' })
        const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(%' AND pid <> pg_backend_pid()`
        const ended = count(url, [slow]).then(
          () => 'counted',
          (error: unknown) => (error as { code?: string }).code,
        )
        for (let tries = 0; tries < 100; tries += 1) {
          if ((await query(kill)).length > 0) break
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
        expect(await ended).toBe('connection-lost')
      }))

    test('progress is told key set by key set', () =>
      withDatabase(server, cart, async ({ url }) => {
        const told: number[] = []
        await count(url, [keySet('cart', ['k']), keySet('cart', ['id'])], { onProgress: (done) => told.push(done) })
        expect(told).toEqual([1, 2])
      }))
  },
  { pglite: false },
)
