import { describe, expect, inject, test } from 'vitest'
import { urlFor, withDatabase } from '../support/database.js'
import { startPgbouncer } from '../support/pgbouncer.js'
import { keySet, scanUrl } from '../support/scan.js'
import { forEachPostgres, requireAll, servers } from '../support/servers.js'
import { startPair } from '../support/standby.js'

const twoCarts = `
  CREATE TABLE cart (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session_id text NOT NULL);
  INSERT INTO cart (session_id) VALUES ('a'), ('a'), ('b');`

const three = `${twoCarts}
  CREATE TABLE secret (id int PRIMARY KEY, code text NOT NULL UNIQUE);
  CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL UNIQUE);`

forEachPostgres(
  (server) => {
    test('a role with CONNECT, USAGE and SELECT is enough', () =>
      withDatabase(server, twoCarts, async (database) => {
        const { url } = await database.reader()
        const audit = await scanUrl(url, [keySet('cart', ['session_id'])])
        expect(audit).toMatchObject({
          complete: true,
          keySets: [{ verdict: { protection: 'none' }, duplicates: { groups: 1, surplusRows: 1 } }],
        })
      }))

    test('one table without SELECT does not hide the other two', () =>
      withDatabase(server, three, async (database) => {
        const reader = await database.reader()
        await database.query(`REVOKE SELECT ON secret FROM ${reader.name}`)
        const audit = await scanUrl(reader.url, [
          keySet('cart', ['session_id']),
          keySet('secret', ['code']),
          keySet('users', ['email']),
        ])
        expect(audit.complete).toBe(false)
        expect(
          audit.keySets.map(({ duplicates }) => (duplicates.counted ? duplicates.groups : duplicates.reason)),
        ).toEqual([1, 'no-privilege', 0])
        expect(audit.keySets.map(({ verdict }) => verdict.protection)).toEqual(['none', 'full', 'full'])
        expect(audit.notAnalysed).toEqual([{ reason: 'no-privilege', count: 1, example: 'public.secret(code)' }])
      }))

    test('a schema without USAGE is told, not taken for empty', () =>
      withDatabase(
        server,
        `CREATE SCHEMA hidden; CREATE TABLE hidden.cart (a int); INSERT INTO hidden.cart VALUES (1), (1);`,
        async (database) => {
          const reader = await database.reader(['public'])
          const audit = await scanUrl(reader.url, [keySet('hidden.cart', ['a'])])
          expect(audit).toMatchObject({
            complete: false,
            keySets: [{ verdict: { protection: 'none' }, duplicates: { counted: false, reason: 'no-privilege' } }],
          })
        },
      ))

    test('rows hidden by row security never count as zero', () =>
      withDatabase(
        server,
        `${twoCarts} ALTER TABLE cart ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON cart USING (session_id = 'b');`,
        async (database) => {
          const reader = await database.reader()
          const audit = await scanUrl(reader.url, [keySet('cart', ['session_id'])])
          expect(audit).toMatchObject({
            complete: false,
            keySets: [{ duplicates: { counted: false, reason: 'row-security' } }],
          })
          const owner = await scanUrl(database.url, [keySet('cart', ['session_id'])])
          expect(owner).toMatchObject({ complete: true, keySets: [{ duplicates: { groups: 1 } }] })
        },
      ))

    test('a name that is in several schemas is an error that lists them', () =>
      withDatabase(
        server,
        `CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.cart (k int); CREATE TABLE b.cart (k int);`,
        async (database) => {
          await expect(scanUrl(database.url, [keySet('cart', ['k'])], { schemas: ['a', 'b'] })).rejects.toMatchObject({
            code: 'table-ambiguous',
            message: '"cart" is ambiguous: it exists as a.cart and b.cart.',
          })
          expect(await scanUrl(database.url, [keySet('cart', ['k'])], { schemas: ['b'] })).toMatchObject({
            keySets: [{ resolved: { id: 'b.cart(k)' } }],
          })
        },
      ))

    test('mistyped names come with the nearest one, and the rest is scanned', () =>
      withDatabase(server, twoCarts, async (database) => {
        const location = { file: '.goc-audit.yml', line: 4, column: 14 }
        const bad = keySet('cart', [], { parts: [{ kind: 'column', name: 'sesion_id', location }] })
        await expect(scanUrl(database.url, [bad])).rejects.toMatchObject({
          code: 'column-missing',
          location,
          suggestions: ['Did you mean "session_id"?'],
        })
        const audit = await scanUrl(database.url, [
          bad,
          keySet('carts', ['a']),
          keySet('cart', ['session_id'], { where: 'delted_at IS NULL' }),
          keySet('cart', ['session_id']),
        ])
        expect(audit.complete).toBe(false)
        expect(audit.failures).toEqual([
          'There is no table or view "carts" in the schemas in scope. Did you mean public.cart?',
          '.goc-audit.yml:4:14: public.cart has no column "sesion_id". Did you mean "session_id"?',
          expect.stringMatching(
            /^The database does not accept the predicate `delted_at IS NULL` for public\.cart: column "delted_at" does not exist\./,
          ),
        ])
        expect(audit.keySets).toHaveLength(1)
      }))

    test('a server whose transactions run at REPEATABLE READ is told once', () =>
      withDatabase(server, twoCarts, async (database) => {
        await database.query(`ALTER DATABASE ${database.name} SET default_transaction_isolation = 'repeatable read'`)
        const audit = await scanUrl(database.url, [keySet('cart', ['session_id'])])
        expect(audit.notes).toEqual([expect.stringContaining('REPEATABLE READ')])
        expect(audit.keySets[0]?.verdict.hazards).toEqual([])
      }))

    test("another session's temporary table is not found by its bare name", () =>
      withDatabase(server, 'SELECT 1', async (database) => {
        await database.query('CREATE TEMP TABLE cart (k int)')
        await expect(scanUrl(database.url, [keySet('cart', ['k'])])).rejects.toMatchObject({ code: 'table-missing' })
        const [{ schema = '' } = {}] = await database.query<{ schema: string }>(
          `SELECT nspname AS schema FROM pg_namespace WHERE oid = pg_my_temp_schema()`,
        )
        const audit = await scanUrl(database.url, [keySet(`${schema}.cart`, ['k'])])
        expect(audit).toMatchObject({
          keySets: [
            {
              verdict: {
                protection: 'unknown',
                unknownBecause: expect.stringContaining('temporary table of another session'),
              },
              duplicates: { counted: false },
            },
          ],
        })
      }))

    test('a table dropped between judging and counting is told', () =>
      withDatabase(server, three, async (database) => {
        let dropped: Promise<unknown> = Promise.resolve()
        const audit = await scanUrl(database.url, [keySet('users', ['email']), keySet('cart', ['session_id'])], {
          options: {},
          onProgress: ({ stage, done }) => {
            if (stage === 'duplicates' && done === 0) dropped = database.query('DROP TABLE cart')
          },
        }).finally(() => dropped)
        expect(audit).toMatchObject({
          complete: false,
          keySets: [{ duplicates: { counted: true } }, { duplicates: { counted: false, reason: 'vanished' } }],
        })
      }))

    test('a statement that runs too long is stopped, and the next key set is counted', () =>
      withDatabase(server, three, async (database) => {
        const slow = keySet('cart', ['session_id'], { where: 'pg_sleep(2) IS NOT NULL' })
        const audit = await scanUrl(database.url, [slow, keySet('users', ['email'])], {
          options: { statementTimeout: 500 },
        })
        expect(audit).toMatchObject({
          complete: false,
          keySets: [
            { duplicates: { counted: false, reason: 'timeout' } },
            { duplicates: { counted: true, groups: 0 } },
          ],
        })
      }))

    test('a connection that breaks leaves what was known, marked', () =>
      withDatabase(server, three, async (database) => {
        const slow = keySet('cart', ['session_id'], { where: 'pg_sleep(30) IS NOT NULL' })
        let broken: Promise<unknown> = Promise.resolve()
        setTimeout(() => {
          broken = database.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep%'`,
          )
        }, 1500)
        const audit = await scanUrl(database.url, [
          keySet('users', ['email']),
          slow,
          keySet('secret', ['code']),
        ]).finally(() => broken)
        expect(audit.keySets.map(({ duplicates }) => (duplicates.counted ? 'counted' : duplicates.reason))).toEqual([
          'counted',
          'connection-lost',
          'connection-lost',
        ])
        expect(audit).toMatchObject({ complete: false, failures: [expect.stringContaining('lost')] })
      }))

    test('Ctrl-C stops the statement on the server and keeps what was known', () =>
      withDatabase(server, three, async (database) => {
        const slow = keySet('cart', ['session_id'], { where: 'pg_sleep(30) IS NOT NULL' })
        const controller = new AbortController()
        setTimeout(() => controller.abort(), 1500)
        const audit = await scanUrl(database.url, [keySet('users', ['email']), slow], {
          options: { signal: controller.signal },
        })
        expect(audit.keySets.map(({ duplicates }) => (duplicates.counted ? 'counted' : duplicates.reason))).toEqual([
          'counted',
          'cancelled',
        ])
        const running = await database.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%pg_sleep%'`,
        )
        expect(running).toEqual([])
      }))
  },
  { pglite: false },
)

const bigSchema = `
  DO $$ BEGIN FOR n IN 0..999 LOOP
    EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a int NOT NULL, b text, c int, d int, UNIQUE (a, b))', n);
    EXECUTE format('CREATE INDEX ON t%s (a); CREATE INDEX ON t%s (c) WHERE d > 0; CREATE UNIQUE INDEX ON t%s (lower(b), c)', n, n, n);
    IF n > 0 THEN EXECUTE format('ALTER TABLE t%s ADD FOREIGN KEY (c) REFERENCES t%s, ADD FOREIGN KEY (d) REFERENCES t%s', n, n - 1, n / 5 * 5); END IF;
  END LOOP; END $$`

const [oldest, newest] = [servers({ pglite: false })[0], servers({ pglite: false }).at(-1)]

for (const server of new Set([oldest, newest])) {
  if (server === undefined) continue
  describe(server.label, () => {
    test('1,000 tables, 5,000 indexes, 2,000 foreign keys and 200 key sets take seconds', { timeout: 120_000 }, () =>
      withDatabase(server, bigSchema, async (database) => {
        const keySets = Array.from({ length: 200 }, (_, at) => keySet(`t${at * 5}`, ['a', 'b'], { nulls: 'looked-up' }))
        const before = performance.now()
        const audit = await scanUrl(database.url, keySets)
        expect(audit.keySets).toHaveLength(200)
        expect(new Set(audit.keySets.map(({ verdict }) => verdict.protection))).toEqual(new Set(['conditional']))
        expect(performance.now() - before).toBeLessThan(60_000)
      }),
    )
  })
}

const { pgbouncer } = inject('tools')

forEachPostgres(
  (server) => {
    test.skipIf(pgbouncer === null && !requireAll)('works through PgBouncer in transaction mode', () =>
      withDatabase(server, three, async (database) => {
        const pooler = await startPgbouncer(pgbouncer ?? '', server.url)
        try {
          const url = urlFor(database.url, { port: pooler.port })
          const audits = await Promise.all(
            [1, 2, 3, 4].map(() => scanUrl(url, [keySet('cart', ['session_id']), keySet('users', ['email'])])),
          )
          for (const audit of audits)
            expect(audit).toMatchObject({
              complete: true,
              keySets: [{ duplicates: { groups: 1 } }, { verdict: { protection: 'full' } }],
            })
        } finally {
          await pooler.stop()
        }
      }),
    )
  },
  { pglite: false, from: 15, to: 16 },
)

forEachPostgres(
  (server) => {
    test.skipIf(server.bin === undefined)('works on a hot standby', { timeout: 120_000 }, async () => {
      const pair = await startPair(server)
      try {
        await withDatabase({ ...server, url: pair.primary.url }, twoCarts, async (database) => {
          await database.query(`CREATE UNIQUE INDEX live ON cart (session_id) WHERE id > 100`)
          await pair.caughtUp()
          const url = urlFor(database.url, { port: Number(new URL(pair.standby.url).port) })
          const audit = await scanUrl(url, [
            keySet('cart', ['session_id']),
            keySet('cart', ['session_id'], { where: 'id > 200' }),
          ])
          expect(audit).toMatchObject({
            complete: true,
            keySets: [{ duplicates: { groups: 1 } }, { verdict: { protection: 'full' } }],
          })
          expect(audit.notes).toEqual([expect.stringContaining('standby')])
        })
      } finally {
        await pair.stop()
      }
    })
  },
  { pglite: false, from: 14, to: 18 },
)
