import { describe, expect, inject, test } from 'vitest'
import { urlFor, withDatabase } from '../support/database.js'
import { failure, open, read } from '../support/driver.js'
import { startPgbouncer } from '../support/pgbouncer.js'
import { anyPostgres, describeWith, forEachPostgres } from '../support/servers.js'
import { startPair } from '../support/standby.js'

const long = 'SELECT count(*) FROM generate_series(1, 200000000)'
const table = 'CREATE TABLE cart (id int PRIMARY KEY, note text); INSERT INTO cart VALUES (1, NULL)'

/** Statements that change something, or that would let a later one do so. */
const writes = [
  "INSERT INTO cart VALUES (2, 'x')",
  'UPDATE cart SET id = 3',
  'DELETE FROM cart',
  'TRUNCATE cart',
  'MERGE INTO cart USING cart c ON false WHEN NOT MATCHED THEN DO NOTHING',
  'CREATE TABLE other (id int)',
  'CREATE TEMP TABLE other (id int)',
  'SELECT 1 AS id INTO other',
  'DROP TABLE cart',
  'ALTER TABLE cart ADD COLUMN more int',
  'WITH gone AS (DELETE FROM cart RETURNING id) SELECT * FROM gone',
  'EXPLAIN ANALYZE DELETE FROM cart',
  'EXPLAIN (ANALYZE) CREATE TABLE other AS SELECT 1',
  'explain /* */ verbose analyze create table other as select 1',
  'SELECT writes()',
  'SELECT * FROM cart FOR UPDATE',
  "SELECT nextval('counter')",
  "SELECT set_config('transaction_read_only', 'off', true)",
  "SELECT set_config('transaction_read_only', 'off', false)",
  'SET LOCAL transaction_read_only = off',
  'SET transaction_read_only = off',
  'SET TRANSACTION READ WRITE',
  'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
  'SET LOCAL SESSION AUTHORIZATION DEFAULT',
  'RESET ALL',
  'COMMIT',
  'COMMIT AND CHAIN',
  'ROLLBACK',
  'ROLLBACK AND CHAIN',
  'END',
  'ABORT',
  'BEGIN READ WRITE',
  'START TRANSACTION READ WRITE',
  'SAVEPOINT mine',
  'ROLLBACK TO SAVEPOINT goc_audit',
  "PREPARE TRANSACTION 'x'",
  'PREPARE p AS DELETE FROM cart',
  'EXECUTE p',
  'DO $$ BEGIN DELETE FROM cart; END $$',
  'CALL deletes()',
  "COPY cart TO '/tmp/goc-audit-must-not-exist'",
  "COPY (SELECT 1) TO PROGRAM 'true'",
  'COPY cart FROM STDIN',
  'REINDEX TABLE cart',
  'VACUUM cart',
  'ANALYZE cart',
  'LOCK TABLE cart',
  'NOTIFY channel',
  'LISTEN channel',
  'DISCARD ALL',
  'SELECT 1; DELETE FROM cart',
  'COMMIT; DELETE FROM cart',
  '-- SELECT\nDELETE FROM cart',
  '/* SELECT /* nested */ */ DELETE FROM cart',
  '(((DELETE FROM cart)))',
  '',
]

const helpers = `
  CREATE SEQUENCE counter;
  CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS $$ DELETE FROM cart RETURNING id $$;
  CREATE PROCEDURE deletes() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM cart; COMMIT; END $$;
  ALTER SEQUENCE counter OWNED BY NONE`

forEachPostgres((server) => {
  test('values arrive exactly', () =>
    withDatabase(server, '', async ({ url }) => {
      const sql = `SELECT 9007199254740993::int8 AS int8, 1.50::numeric AS numeric, 7 AS int4, 0.5::float8 AS float8,
        true AS yes, NULL AS nothing, 'é🛒'::text AS text, '\\x00ff'::bytea AS bytes, '{"a": [1]}'::jsonb AS json,
        ARRAY['a', NULL, 'b,"c'] AS texts, ARRAY[9007199254740993]::int8[] AS int8s, '1 2'::int2vector AS vector,
        '2026-01-02 03:04:05.678901+02'::timestamptz AS at, '2026-01-02'::date AS day, '1 day 02:00'::interval AS span,
        $1::text[] AS given, $2::int AS number, $3::boolean AS flag, $4::text AS missing`
      const [row] = await read(url, ({ query }) => query(sql, [['x', 'y"z', null], 5, false, null]))
      expect(row).toEqual({
        int8: '9007199254740993',
        numeric: '1.50',
        int4: 7,
        float8: 0.5,
        yes: true,
        nothing: null,
        text: 'é🛒',
        bytes: '\\x00ff',
        json: { a: [1] },
        texts: ['a', null, 'b,"c'],
        int8s: ['9007199254740993'],
        vector: [1, 2],
        at: '2026-01-02 01:04:05.678901+00',
        day: '2026-01-02',
        span: '1 day 02:00:00',
        given: ['x', 'y"z', null],
        number: 5,
        flag: false,
        missing: null,
      })
    }))

  test(
    'nothing can be written, whatever is sent',
    () =>
      withDatabase(server, `${table}; ${helpers}`, async ({ url, query: look }) => {
        const driver = await open(url)
        for (const sql of writes) {
          // As the first statement of a transaction, through both ways, and with an attempt to go on afterwards.
          await driver.readOnly(({ query }) => query(sql)).catch(() => [])
          await driver
            .readOnly(async ({ attempt, query }) => {
              await attempt(sql)
              await query('DELETE FROM cart')
            })
            .then(
              () => expect.fail(`DELETE went through after: ${sql}`),
              () => {},
            )
        }
        await driver.close()
        expect(await look('SELECT * FROM cart')).toEqual([{ id: 1, note: null }])
        expect(
          await look("SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"),
        ).toEqual([{ relname: 'cart' }, { relname: 'cart_pkey' }, { relname: 'counter' }])
        expect(await look('SELECT is_called FROM counter')).toEqual([{ is_called: false }])
      }),
    180_000,
  )

  test('the server itself is told to refuse', () =>
    withDatabase(server, table, async ({ url }) => {
      const refused = read(url, ({ query }) => query('WITH x AS (DELETE FROM cart RETURNING 1) SELECT * FROM x'))
      expect(await failure(refused)).toEqual([
        'server-error',
        'The server refused a statement: cannot execute SELECT in a read-only transaction (SQLSTATE 25006).',
      ])
      const mode = read(url, ({ query }) => query("SELECT set_config('transaction_read_only', 'off', true)"))
      expect((await failure(mode))[1]).toMatch(/transaction read-write mode must be set before any query/)
    }))

  test('an attempt that fails leaves the transaction usable', () =>
    withDatabase(server, table, async ({ url }) => {
      const seen = await read(url, async ({ query, attempt }) => {
        const failed = await attempt('SELECT 1 / 0')
        const missing = await attempt('SELECT * FROM nowhere')
        const fine = await attempt('SELECT 1 AS one')
        return [failed, missing, fine, await query('SELECT id FROM cart')]
      })
      expect(seen).toMatchObject([
        { error: { code: '22012' } },
        { error: { code: '42P01' } },
        { rows: [{ one: 1 }] },
        [{ id: 1 }],
      ])
    }))

  test('statements that are started together follow each other', () =>
    withDatabase(server, '', async ({ url }) => {
      const rows = await read(url, ({ query, attempt }) =>
        Promise.all([
          query('SELECT 1 AS n'),
          attempt('SELECT 1 / 0'),
          query('SELECT 2 AS n'),
          attempt('SELECT 3 AS n'),
        ]),
      )
      expect(rows).toMatchObject([[{ n: 1 }], { error: { code: '22012' } }, [{ n: 2 }], { rows: [{ n: 3 }] }])
    }))

  test('one snapshot for the whole transaction', () =>
    withDatabase(server, table, async ({ url }) => {
      const isolation = await read(url, ({ query }) =>
        query("SELECT current_setting('transaction_isolation') AS level"),
      )
      expect(isolation).toEqual([{ level: 'repeatable read' }])
    }))

  test('a transaction inside of another is a defect, not a hang', () =>
    withDatabase(server, '', async ({ url }) => {
      await expect(read(url, (_, driver) => driver.readOnly(async () => {}))).rejects.toThrow('already open')
    }))

  test('the statement timeout ends one statement, not the connection', () =>
    withDatabase(server, table, async ({ url }) => {
      const driver = await open(url, { statementTimeout: 300 })
      const attempted = await driver.readOnly(async ({ attempt, query }) => [
        await attempt(long),
        await query('SELECT id FROM cart'),
      ])
      expect(attempted).toMatchObject([{ error: { code: '57014' } }, [{ id: 1 }]])
      expect(await failure(driver.readOnly(({ query }) => query(long)))).toEqual([
        'statement-timeout',
        'A statement was stopped: it ran longer than the statement timeout of 0.3 s, or somebody cancelled it on the server.',
        'Give it more time with --timeout, or scan fewer key sets at once with --only.',
      ])
      expect(await driver.readOnly(({ query }) => query('SELECT id FROM cart'))).toEqual([{ id: 1 }])
      await driver.close()
    }))

  test('an abort stops the running statement', () =>
    withDatabase(server, '', async ({ url }) => {
      const abort = new AbortController()
      const driver = await open(url, { signal: abort.signal })
      const started = Date.now()
      setTimeout(() => abort.abort(), 200)
      expect((await failure(driver.readOnly(({ query }) => query(long))))[0]).toBe('cancelled')
      expect(Date.now() - started).toBeLessThan(5_000)
      expect((await failure(driver.readOnly(({ query }) => query('SELECT 1'))))[0]).toBe('cancelled')
      await driver.close()
    }))

  test('an abort before the connection is made', () =>
    withDatabase(server, '', async ({ url }) => {
      expect((await failure(open(url, { signal: AbortSignal.abort() })))[0]).toBe('cancelled')
    }))

  test('an abort inside of an attempt is no answer', () =>
    withDatabase(server, '', async ({ url }) => {
      const abort = new AbortController()
      setTimeout(() => abort.abort(), 1_500)
      const work = read(url, ({ attempt }) => attempt(long), { signal: abort.signal })
      expect((await failure(work))[0]).toBe('cancelled')
    }))
})

forEachPostgres(
  (server) => {
    test('the abort reaches the server: nothing runs on', () =>
      withDatabase(server, '', async ({ url, query: look }) => {
        const abort = new AbortController()
        const driver = await open(url, { signal: abort.signal, env: { PGAPPNAME: 'goc-audit-cancelled' } })
        setTimeout(() => abort.abort(), 200)
        await failure(driver.readOnly(({ query }) => query(long)))
        const [row] = await look("SELECT state FROM pg_stat_activity WHERE application_name = 'goc-audit-cancelled'")
        expect(row?.state ?? 'idle').toBe('idle')
        await driver.close()
      }))

    test('nothing is left behind in the session', () =>
      withDatabase(server, '', async ({ url }) => {
        const settings = `SELECT current_setting('statement_timeout') AS timeout, current_setting('row_security') AS rls,
          current_setting('transaction_read_only') AS mode, current_setting('work_mem') AS memory`
        const driver = await open(url, { statementTimeout: 1234 })
        const inside = await driver.readOnly(async ({ query }) => {
          await query("SELECT set_config('work_mem', '77MB', false)")
          return query(settings)
        })
        expect(inside).toEqual([{ timeout: '1234ms', rls: 'off', mode: 'on', memory: '77MB' }])
        expect(await driver.readOnly(({ query }) => query("SELECT current_setting('work_mem') AS memory"))).not.toEqual(
          [{ memory: '77MB' }],
        )
        await driver.close()
      }))

    test('the application has a name', () =>
      withDatabase(server, '', async ({ url }) => {
        const name = (env: Record<string, string>, query = '') =>
          read(`${url}${query}`, ({ query }) => query("SELECT current_setting('application_name') AS name"), { env })
        expect(await name({})).toEqual([{ name: 'goc-audit' }])
        expect(await name({ PGAPPNAME: 'nightly' })).toEqual([{ name: 'nightly' }])
        expect(await name({ PGAPPNAME: 'nightly' }, '?application_name=url')).toEqual([{ name: 'url' }])
      }))

    test('row security hides nothing silently', () =>
      withDatabase(
        server,
        `${table}; ALTER TABLE cart ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON cart USING (false)`,
        async (database) => {
          const { url } = await database.reader()
          expect(await failure(read(url, ({ query }) => query('SELECT * FROM cart')))).toEqual([
            'row-security',
            'Row security would hide rows from this role, so every count would be too low: query would be affected by row-level security policy for table "cart".',
            'Scan as the owner of the table (unless it has FORCE ROW LEVEL SECURITY) or as a role with BYPASSRLS.',
          ])
        },
      ))

    test('a missing privilege is named', () =>
      withDatabase(server, table, async (database) => {
        const { url, name } = await database.reader()
        await database.query(`REVOKE ALL ON cart FROM ${name}`)
        expect(await failure(read(url, ({ query }) => query('SELECT * FROM cart')))).toEqual([
          'permission-denied',
          'The role lacks a privilege: permission denied for table cart.',
          'A scan needs CONNECT on the database, USAGE on the schemas and SELECT on the tables.',
        ])
      }))
  },
  { pglite: false },
)

test('a lock that somebody holds is not waited for long', () =>
  withDatabase(anyPostgres(), table, async (database) => {
    const other = await database.connect()
    await other.query('BEGIN; LOCK TABLE cart IN ACCESS EXCLUSIVE MODE')
    expect(await failure(read(database.url, ({ query }) => query('SELECT * FROM cart')))).toEqual([
      'lock-timeout',
      'A table was locked by another session for too long, as ALTER TABLE and VACUUM FULL do.',
      'Run it again when that is done; pg_locks shows who holds the lock.',
    ])
  }))

describeWith(inject('tools').pgbouncer)('through PgBouncer in transaction mode', () => {
  test('reads, fails, times out and cancels', async () => {
    const server = anyPostgres()
    const bouncer = await startPgbouncer(inject('tools').pgbouncer ?? '', server.url)
    try {
      await withDatabase(server, table, async (database) => {
        const url = urlFor((await database.reader()).url, { port: bouncer.port })
        const abort = new AbortController()
        const drivers = await Promise.all([1, 2, 3, 4].map(() => open(url, { statementTimeout: 300 })))
        const all = await Promise.all(
          drivers.map((driver) =>
            driver.readOnly(async ({ query, attempt }) => [
              await attempt(long),
              await query('SELECT id, $1::text AS given FROM cart', ['x']),
            ]),
          ),
        )
        for (const each of all) expect(each).toMatchObject([{ error: { code: '57014' } }, [{ id: 1, given: 'x' }]])
        await Promise.all(drivers.map((driver) => driver.close()))

        const driver = await open(url, { signal: abort.signal })
        setTimeout(() => abort.abort(), 200)
        const started = Date.now()
        expect((await failure(driver.readOnly(({ query }) => query(long))))[0]).toBe('cancelled')
        expect(Date.now() - started).toBeLessThan(3_000)
        await driver.close()

        const other = await database.connect(urlFor(database.url, { port: bouncer.port }))
        const { rows } = await other.query(
          "SELECT current_setting('statement_timeout') AS t, current_setting('row_security') AS r",
        )
        expect(rows).toEqual([{ t: '0', r: 'on' }])
        await other.end()
      })
    } finally {
      await bouncer.stop()
    }
  })
})

describe('a hot standby', () => {
  test.runIf(anyPostgres().bin)('is read like any server, and target_session_attrs finds it', async () => {
    const pair = await startPair(anyPostgres())
    try {
      const both = new URL(pair.primary.url)
      const hosts = (kind: string) =>
        `postgresql://${both.username}:${both.password}@127.0.0.1:${pair.primary.port},127.0.0.1:${pair.standby.port}/postgres?target_session_attrs=${kind}`
      const where = async (url: string) =>
        (await read(url, ({ query }) => query<{ port: number }>("SELECT current_setting('port')::int AS port")))[0]
          ?.port
      expect(await where(pair.standby.url)).toBe(pair.standby.port)
      expect(await where(hosts('standby'))).toBe(pair.standby.port)
      expect(await where(hosts('primary'))).toBe(pair.primary.port)
      expect(await where(hosts('any'))).toBe(pair.primary.port)
      const attempted = await read(pair.standby.url, ({ attempt }) => attempt('SELECT 1 / 0'))
      expect(attempted).toMatchObject({ error: { code: '22012' } })
      expect((await failure(open(`${pair.primary.url}?target_session_attrs=standby`)))[0]).toBe('session-kind')
    } finally {
      await pair.stop()
    }
  })
})
