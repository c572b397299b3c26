import { expect, test } from 'vitest'
import { connect } from '../../src/dialects/index.js'
import { withMysqlDatabase } from '../support/mysql-database.js'
import { forEachMysql } from '../support/servers.js'
import { count, countOne, keySet, large } from './duplicates-support.js'

const cart = `CREATE TABLE cart (id int PRIMARY KEY, k varchar(20), secret varchar(20));
  INSERT INTO cart VALUES (1, 'a', 'x'), (2, 'a', 'y'), (3, 'b', 'z');`
const many = `${cart} CREATE TABLE d (d int); INSERT INTO d VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
  INSERT INTO cart SELECT 1000 + a.d + 10 * b.d + 100 * c.d, CONCAT('k', a.d, b.d, c.d), 'z' FROM d a, d b, d c`
/** Some fifty milliseconds per row. */
const SLOW = "SHA2(REPEAT(CONCAT(k, id), 1500000), 512) <> 'x'"
const withItems = `${cart} CREATE TABLE item (id int PRIMARY KEY, cart_id int, FOREIGN KEY (cart_id) REFERENCES cart (id));
  INSERT INTO item VALUES (1, 2)`

forEachMysql((server) => {
  test('one key set that takes too long leaves the others counted', () =>
    withMysqlDatabase(server, many, async ({ url }) => {
      const slow = keySet('cart', ['k'], { where: SLOW })
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

  test('a table dropped or locked after the catalog was read', () =>
    withMysqlDatabase(server, cart, async ({ url, query, connect: open }) => {
      const blocker = await open()
      const locked = await count(url, [keySet('cart', ['k'])], {
        timeout: 700,
        meanwhile: () => blocker.query('LOCK TABLES cart WRITE'),
      })
      expect(locked).toMatchObject([{ counted: false, reason: 'timeout', incomplete: true }])
      await blocker.query('UNLOCK TABLES')
      const gone = await count(url, [keySet('cart', ['k'])], { meanwhile: () => query('DROP TABLE cart') })
      expect(gone).toMatchObject([{ counted: false, reason: 'vanished', incomplete: true }])
    }))

  test('privileges: none on some columns, and none on a table that refers to it', () =>
    withMysqlDatabase(server, withItems, async (database) => {
      const { url, account } = await readerOf(database)
      await database.query(`GRANT SELECT ON ${database.name}.cart TO ${account}`)
      const counts = await countOne(url, keySet('cart', ['k']))
      expect(counts).toMatchObject({ groups: 1 })
      expect(counts.referencesToSurplus === null || counts.referencesToSurplus === 0).toBe(true)
      await database.query(`REVOKE SELECT ON ${database.name}.cart FROM ${account}`)
      await database.query(`GRANT SELECT (id, k) ON ${database.name}.cart TO ${account}`)
      await database.query(`GRANT SELECT ON ${database.name}.item TO ${account}`)
      for (const size of [{}, large]) {
        const some = await countOne(url, keySet('cart', ['k']), size)
        expect(some).toMatchObject({ groups: 1, identicalGroups: 1 })
      }
      const secret = await count(url, [keySet('cart', ['secret'])]).catch(String)
      expect(JSON.stringify(secret)).toMatch(/no-privilege|denied|no column|There is no/i)
    }))

  test('a budget in rows or bytes', () =>
    withMysqlDatabase(server, `${withItems}; ANALYZE TABLE cart, item`, async ({ url }) => {
      expect(await count(url, [keySet('cart', ['k'])], { budget: { rows: 2, bytes: 1e12 } })).toEqual([
        {
          counted: false,
          reason: 'over-budget',
          detail: expect.stringMatching(/^\w+\.cart has about 3 rows, more than the budget of 2\.$/),
          incomplete: false,
        },
      ])
      expect(await count(url, [keySet('cart', ['k'])], { budget: { rows: 100, bytes: 10 } })).toMatchObject([
        { counted: false, reason: 'over-budget' },
      ])
    }))

  test('references by composite keys, and declared ones', () =>
    withMysqlDatabase(
      server,
      `CREATE TABLE room (house int, number int, name varchar(20), PRIMARY KEY (house, number));
       CREATE TABLE guest (id int PRIMARY KEY, house int, number int, FOREIGN KEY (house, number) REFERENCES room (house, number));
       CREATE TABLE note (id int PRIMARY KEY, subject varchar(20), kind varchar(10));
       CREATE TABLE cart (id int PRIMARY KEY, k varchar(20));
       INSERT INTO room VALUES (1, 1, 'a'), (1, 2, 'a'), (2, 1, 'a'), (2, 2, 'b');
       INSERT INTO guest VALUES (1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 2, 1), (5, 2, 2);
       INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
       INSERT INTO note VALUES (1, '2', 'cart'), (2, '2', 'room'), (3, '1', 'cart'), (4, '02', 'cart')`,
      async ({ url }) => {
        for (const size of [{}, large]) {
          expect(await countOne(url, keySet('room', ['name']), size)).toMatchObject({
            groups: 1,
            referencesToSurplus: 3,
          })
          const declared = keySet('cart', ['k'], {
            resolution: {
              references: [{ table: { name: 'note' }, columns: ['subject'], where: "kind = 'cart'", merge: {} }],
            },
          })
          expect(await countOne(url, declared, size)).toMatchObject({ groups: 1, referencesToSurplus: 1 })
        }
      },
    ))

  test('a lost connection rejects', () =>
    withMysqlDatabase(server, many, async ({ url, query }) => {
      const slow = keySet('cart', ['k'], { where: SLOW })
      const ended = count(url, [slow]).then(
        () => 'counted',
        (error: unknown) => (error as { code?: string }).code,
      )
      await killSleeper(query, 'KILL')
      expect(await ended).toBe('connection-lost')
    }))

  test('Ctrl-C cancels what runs on the server', () =>
    withMysqlDatabase(server, many, async ({ url, query }) => {
      const controller = new AbortController()
      const session = await connect(
        { url, shown: url, schemas: [] },
        { statementTimeout: 0, signal: controller.signal },
      )
      try {
        const [answer] = await session.readCatalog([{ name: 'cart' }])
        if (answer === undefined || !('table' in answer)) throw new Error('no table')
        const resolved = await session.resolve(keySet('cart', ['k'], { where: SLOW }), answer.table)
        const ended = session
          .countDuplicates(answer.table, [resolved], { exists: false, samples: 0, budget: null })
          .then(
            () => 'counted',
            (error: unknown) => (error as { code?: string }).code,
          )
        await sleeper(query)
        controller.abort()
        expect(await ended).toBe('cancelled')
        expect(await sleepers(query)).toEqual([])
      } finally {
        await session.close()
      }
    }))
})

type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>

const sleepers = async (query: Query): Promise<number[]> =>
  (
    await query(
      `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE LOWER(INFO) LIKE '%repeat(%' AND ID <> CONNECTION_ID() AND DB = DATABASE()`,
    )
  ).map(({ id }) => Number(id))

async function sleeper(query: Query): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const [id] = await sleepers(query)
    if (id !== undefined) return id
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('nothing sleeps')
}

async function killSleeper(query: Query, how: 'KILL'): Promise<void> {
  await query(`${how} ${await sleeper(query)}`)
}

/** A user of no privileges but to connect. */
async function readerOf(database: { query: Query; url: string; name: string }) {
  const name = `r${Math.random().toString(36).slice(2, 12)}`
  await database.query(`CREATE USER '${name}'@'%' IDENTIFIED BY 'goc'`)
  const url = new URL(database.url)
  url.username = name
  url.password = 'goc'
  return { url: url.href, account: `'${name}'@'%'` }
}
