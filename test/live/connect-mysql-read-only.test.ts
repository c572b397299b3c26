import { expect, test } from 'vitest'
import { failure } from '../support/driver.js'
import { type MysqlDatabase, withMysqlDatabase } from '../support/mysql-database.js'
import { openMysql, readMysql } from '../support/mysql-driver.js'
import { forEachMysql } from '../support/servers.js'

/** A minute of work on any machine; its rows are never read from a table that others use. */
const long =
  'SELECT COUNT(*) AS n FROM digit a, digit b, digit c, digit d, digit e, digit f, digit g, digit h, digit i WHERE a.n + b.n + c.n + d.n + e.n + f.n + g.n + h.n + i.n = 100'
const digits = `CREATE TABLE digit (n int PRIMARY KEY); INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)`
/** Ends as if nothing had happened when it is stopped. */
const silent = "SELECT BENCHMARK(4000000000, SHA2('x', 512)) AS n"

const table = `
  CREATE TABLE cart (id int PRIMARY KEY, note text) ENGINE = InnoDB;
  INSERT INTO cart VALUES (1, NULL);
  CREATE TABLE old (id int PRIMARY KEY) ENGINE = MyISAM;
  INSERT INTO old VALUES (1);
  CREATE FUNCTION writes() RETURNS int DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM cart; RETURN 1; END;
  CREATE FUNCTION writes_old() RETURNS int DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM old; RETURN 1; END;
  CREATE FUNCTION unlocks() RETURNS int DETERMINISTIC MODIFIES SQL DATA
    BEGIN SET SESSION transaction_read_only = 0; DELETE FROM cart; RETURN 1; END;
  CREATE PROCEDURE deletes() BEGIN DELETE FROM cart; COMMIT; END;
  CREATE VIEW carts AS SELECT * FROM cart`

/** 10.11 has the variable under its older name only. */
const tableFor = (version: number) =>
  version > 1000 && version < 1101 ? table.replace('transaction_read_only', 'tx_read_only') : table

/** Statements that change something, or that would let a later one do so. */
const writes = [
  "INSERT INTO cart VALUES (2, 'x')",
  'INSERT INTO old VALUES (2)',
  "REPLACE INTO cart VALUES (1, 'x')",
  'UPDATE cart SET id = 3',
  'UPDATE carts SET id = 3',
  'DELETE FROM cart',
  'DELETE FROM old',
  'TRUNCATE cart',
  'CREATE TABLE other (id int)',
  'CREATE TEMPORARY TABLE other (id int)',
  'CREATE TABLE other SELECT 1',
  'DROP TABLE cart',
  'ALTER TABLE cart ADD COLUMN more int',
  'RENAME TABLE cart TO other',
  'CREATE INDEX more ON cart (id)',
  'ANALYZE TABLE cart',
  'OPTIMIZE TABLE cart',
  'REPAIR TABLE old',
  'WITH gone AS (SELECT 1 AS id) DELETE FROM cart WHERE id IN (SELECT id FROM gone)',
  'EXPLAIN ANALYZE DELETE FROM cart',
  'EXPLAIN ANALYZE SELECT writes()',
  'ANALYZE DELETE FROM cart',
  'ANALYZE FORMAT=JSON DELETE FROM cart',
  'SELECT writes()',
  'SELECT writes_old()',
  'SELECT unlocks()',
  'SELECT * FROM (SELECT writes_old() AS x) AS u',
  'EXPLAIN SELECT * FROM (SELECT writes_old() AS x) AS u',
  'DO writes()',
  'CALL deletes()',
  'SELECT * FROM cart FOR UPDATE',
  'SELECT * FROM cart LOCK IN SHARE MODE',
  "SELECT * FROM cart INTO OUTFILE '/tmp/goc-audit-must-not-exist'",
  "SELECT 1 INTO/**/DUMPFILE '/tmp/goc-audit-must-not-exist'",
  "SELECT 1 /*! INTO OUTFILE '/tmp/goc-audit-must-not-exist' */",
  "TABLE cart INTO OUTFILE '/tmp/goc-audit-must-not-exist'",
  'SELECT id FROM cart INTO @id',
  'SELECT @id := 5',
  "LOAD DATA INFILE '/etc/hostname' INTO TABLE cart",
  "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE cart",
  'HANDLER cart OPEN',
  'LOCK TABLES cart WRITE',
  'UNLOCK TABLES',
  'FLUSH TABLES',
  'FLUSH TABLES WITH READ LOCK',
  'KILL 1',
  'SET SESSION transaction_read_only = 0',
  'SET GLOBAL max_connections = 77',
  'SET TRANSACTION READ WRITE',
  'SET SESSION TRANSACTION READ WRITE',
  'SET autocommit = 0',
  'SET PASSWORD = "x"',
  'USE mysql',
  'COMMIT',
  'COMMIT AND CHAIN',
  'ROLLBACK',
  'BEGIN',
  'START TRANSACTION READ WRITE',
  'SAVEPOINT mine',
  'XA START "x"',
  "PREPARE p FROM 'DELETE FROM cart'",
  'EXECUTE p',
  "EXECUTE IMMEDIATE 'DELETE FROM cart'",
  'BEGIN NOT ATOMIC DELETE FROM cart; END',
  'GRANT SELECT ON *.* TO nobody',
  'CREATE USER nobody',
  'INSTALL SONAME "x"',
  'SHUTDOWN',
  '/*! DELETE FROM cart */',
  '/*!50000 DELETE FROM cart */',
  '/*M! DELETE FROM cart */',
  'SELECT 1; DELETE FROM cart',
  'COMMIT; DELETE FROM cart',
  '-- SELECT\nDELETE FROM cart',
  '# SELECT\nDELETE FROM cart',
  '/* SELECT */ DELETE FROM cart',
  '(((DELETE FROM cart)))',
  '',
]

async function unchanged({ query, name }: MysqlDatabase) {
  expect(await query('SELECT * FROM cart')).toEqual([{ id: 1, note: null }])
  expect(await query('SELECT * FROM old')).toEqual([{ id: 1 }])
  const names = 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1'
  expect(await query(names, [name])).toEqual([{ name: 'cart' }, { name: 'carts' }, { name: 'old' }])
  expect(await query("SELECT LOAD_FILE('/tmp/goc-audit-must-not-exist') AS file")).toEqual([{ file: null }])
  expect(await query('SELECT @@global.max_connections <> 77 AS same')).toEqual([{ same: 1 }])
}

const running = (name: string) =>
  `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = '${name}' AND command <> 'Sleep' AND info NOT LIKE '%processlist%'`

forEachMysql((server) => {
  test('values arrive exactly', () =>
    withMysqlDatabase(server, '', async ({ url }) => {
      const sql = `SELECT 9007199254740993 AS big, 1.50 AS decimals, 7 AS small, 0.5e0 AS floats, NULL AS nothing,
        'é🛒' AS text, x'00ff' AS bytes, TIMESTAMP '2026-01-02 03:04:05.678901' AS at, DATE '2026-01-02' AS day,
        ? AS given, ? AS number, ? AS flag, ? AS missing, ? AS slashes`
      const [row] = await readMysql(url, ({ query }) => query(sql, ["O'Brien?", 5, false, null, 'a\\']))
      expect(row).toEqual({
        big: '9007199254740993',
        decimals: '1.50',
        small: 7,
        floats: 0.5,
        nothing: null,
        text: 'é🛒',
        bytes: Buffer.from([0, 255]),
        at: '2026-01-02 03:04:05.678901',
        day: '2026-01-02',
        given: "O'Brien?",
        number: 5,
        flag: 0,
        missing: null,
        slashes: 'a\\',
      })
    }))

  test(
    'nothing can be written, whatever is sent',
    () =>
      withMysqlDatabase(server, tableFor(server.version), async (database) => {
        const driver = await openMysql(database.url)
        for (const sql of writes) {
          // As the first statement of a transaction, through both ways, and with an attempt to go on afterwards.
          await driver.readOnly(({ query }) => query(sql)).catch(() => [])
          await driver
            .readOnly(async ({ attempt, query }) => {
              await attempt(sql).catch(() => {})
              await query('WITH x AS (SELECT 1) DELETE FROM cart')
            })
            .then(
              () => expect.fail(`DELETE went through after: ${sql}`),
              () => {},
            )
        }
        await driver.close()
        await unchanged(database)
      }),
    180_000,
  )

  test('the server itself refuses, rows of either engine and by a function', () =>
    withMysqlDatabase(server, tableFor(server.version), async ({ url }) => {
      const driver = await openMysql(url)
      for (const sql of ['SELECT writes()', 'SELECT writes_old()', 'SELECT unlocks()']) {
        const [code, message] = await failure(driver.readOnly(({ query }) => query(sql)))
        expect([sql, code]).toEqual([sql, 'server-error'])
        expect(message).toMatch(/READ ONLY transaction\.? \(error 1792, SQLSTATE 25006\)\.$|error 1568/)
      }
      await driver.close()
    }))

  test('harmless statements are let through', () =>
    withMysqlDatabase(server, tableFor(server.version), async ({ url }) => {
      const rows = await readMysql(url, ({ query }) =>
        query("SELECT GET_LOCK('goc_audit', 0) AS got, RELEASE_LOCK('goc_audit') AS gone, SLEEP(0) AS slept"),
      )
      expect(rows).toEqual([{ got: 1, gone: 1, slept: 0 }])
    }))

  test('an attempt that fails leaves the transaction usable, and statements follow each other', () =>
    withMysqlDatabase(server, digits, async ({ url }) => {
      const seen = await readMysql(url, ({ query, attempt }) =>
        Promise.all([
          attempt('SELECT * FROM nowhere'),
          query('SELECT 1 AS n'),
          attempt('SELECT nothing FROM digit'),
          query('SELECT 2 AS n'),
        ]),
      )
      expect(seen).toMatchObject([{ error: { errno: 1146 } }, [{ n: 1 }], { error: { errno: 1054 } }, [{ n: 2 }]])
    }))

  test('one snapshot for the whole transaction', () =>
    withMysqlDatabase(server, digits, async ({ url, query: change }) => {
      const counts = await readMysql(url, async ({ query }) => {
        const before = await query('SELECT COUNT(*) AS n FROM digit')
        await change('DELETE FROM digit WHERE n = 9')
        return [before, await query('SELECT COUNT(*) AS n FROM digit')]
      })
      expect(counts).toEqual([[{ n: 10 }], [{ n: 10 }]])
    }))

  test('a transaction inside of another is a defect, not a hang', () =>
    withMysqlDatabase(server, '', async ({ url }) => {
      await expect(readMysql(url, (_, driver) => driver.readOnly(async () => {}))).rejects.toThrow('already open')
    }))

  test('the statement timeout ends one statement, not the connection', () =>
    withMysqlDatabase(server, digits, async ({ url }) => {
      const driver = await openMysql(url, { statementTimeout: 300 })
      const attempted = await driver.readOnly(async ({ attempt, query }) => [
        await attempt(long),
        await query('SELECT n FROM digit WHERE n = 1'),
      ])
      expect(attempted).toMatchObject([{ error: { errno: server.kind === 'mysql' ? 3024 : 1969 } }, [{ n: 1 }]])
      expect(await failure(driver.readOnly(({ query }) => query(long)))).toEqual([
        'statement-timeout',
        'A statement was stopped: it ran longer than the statement timeout of 0.3 s, or somebody cancelled it on the server.',
        'Give it more time with --timeout, or scan fewer key sets at once with --only.',
      ])
      await driver.close()
    }))

  test('the timeout holds where the server has none', () =>
    withMysqlDatabase(server, digits, async ({ url, query: look, name }) => {
      const driver = await openMysql(url, { statementTimeout: 300 })
      const started = Date.now()
      const fill = `INSERT INTO many ${long.replace('COUNT(*) AS n', 'a.n + RAND()').replace('= 100', '< 100')}`
      const work = driver.rehearse(['CREATE TEMPORARY TABLE many (n double)'], (query) => query(fill))
      expect((await failure(work))[0]).toBe('statement-timeout')
      expect(Date.now() - started).toBeLessThan(5_000)
      expect(await look(running(name))).toEqual([{ n: 0 }])
      expect(await driver.readOnly(({ query }) => query('SELECT 1 AS n'))).toEqual([{ n: 1 }])
      await driver.close()
    }))

  test.each([long, silent])('an abort stops what runs on the server: %s', (sql) =>
    withMysqlDatabase(server, digits, async ({ url, query: look, name }) => {
      const abort = new AbortController()
      const driver = await openMysql(url, { signal: abort.signal })
      setTimeout(() => abort.abort(), 300)
      const started = Date.now()
      expect((await failure(driver.readOnly(({ attempt }) => attempt(sql))))[0]).toBe('cancelled')
      expect(Date.now() - started).toBeLessThan(2_000)
      expect(await look(running(name))).toEqual([{ n: 0 }])
      expect((await failure(driver.readOnly(({ query }) => query('SELECT 1'))))[0]).toBe('cancelled')
      await driver.close()
    }),
  )

  test('an abort before the connection is made', () =>
    withMysqlDatabase(server, '', async ({ url }) => {
      expect((await failure(openMysql(url, { signal: AbortSignal.abort() })))[0]).toBe('cancelled')
    }))

  test('a missing privilege is named', () =>
    withMysqlDatabase(server, tableFor(server.version), async (database) => {
      const role = await database.user([`SELECT ON \`${database.name}\`.\`old\``])
      const [code, message, advice] = await failure(readMysql(role.url, ({ query }) => query('SELECT * FROM cart')))
      expect(code).toBe('permission-denied')
      expect(message).toMatch(/^The user lacks a privilege: SELECT command denied to user '.*' for table .*cart/)
      expect(advice).toBe(
        `A scan needs SELECT on the tables (and SHOW VIEW for views). As an administrator: GRANT SELECT ON … TO the account of '${role.name}' (SELECT CURRENT_USER() shows it).`,
      )
    }))

  test('a lock that somebody holds is not waited for long', () =>
    withMysqlDatabase(server, digits, async (database) => {
      const other = await database.connect()
      await other.query('LOCK TABLES digit WRITE')
      expect(await failure(readMysql(database.url, ({ query }) => query('SELECT * FROM digit')))).toEqual([
        'lock-timeout',
        'A table was locked by another session for too long, as ALTER TABLE and LOCK TABLES do.',
        'Run it again when that is done; SHOW FULL PROCESSLIST shows who waits for or holds the lock.',
      ])
      await other.query('UNLOCK TABLES')
    }))
})
