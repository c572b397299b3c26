/**
 * What others do while a file runs. A migration is held up where it matters, by a transaction that it has to wait for,
 * or in the middle of its work by a trigger.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { errorText, planFor } from '../support/fix.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import { nothingLocked } from '../support/mysql-kill.js'
import { until } from '../support/process.js'
import { keySet, scanUrl } from '../support/scan.js'
import { forEachMysql } from '../support/servers.js'

const shop = `
  CREATE TABLE cart (id int PRIMARY KEY, session varchar(40) NOT NULL, note varchar(40));
  CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL, product int, UNIQUE (cart_id, product),
    CONSTRAINT item_cart FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
  INSERT INTO cart VALUES (1, 'a', NULL), (2, 'a', NULL), (3, 'b', NULL);
  INSERT INTO item VALUES (1, 1, 10), (2, 2, 11)`

const isolations = ['READ COMMITTED', 'REPEATABLE READ'] as const

interface Running {
  readonly id: number
  /** What it ends with: the server's message, or nothing. */
  readonly outcome: Promise<string>
}

/** What a migration does before it can't be held up any more. */
const waits = /metadata lock|User sleep/

forEachMysql(
  (server) => {
    let database: MysqlDatabase
    let archive: string
    beforeEach(async () => {
      database = await openMysqlDatabase(server, shop)
      archive = await database.another('archive')
    })
    afterEach(() => database.drop())

    /** A failure ends the session, as it does with the plain clients. */
    const start = async (sql: string, settings = 'DO 0'): Promise<Running> => {
      const connection = await database.connect()
      await connection.query(settings)
      const outcome = connection
        .query(sql)
        .then(() => '', errorText)
        .finally(() => connection.destroy())
      return { id: connection.threadId, outcome }
    }

    /** Until it can't go on, or takes a rest before it tries again. */
    const isHeldUp = ({ id }: Running, by: RegExp) =>
      until(async () => {
        const [row] = await database.query<{ state: string | null }>(
          'SELECT state AS state FROM information_schema.processlist WHERE id = ?',
          [id],
        )
        expect(row?.state).toMatch(by)
      })

    const open = async (sql: string, isolation = 'READ COMMITTED'): Promise<Connection> => {
      const connection = await database.connect()
      await connection.query(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolation}; BEGIN; ${sql}`)
      return connection
    }

    const plan = (more = {}) => planFor(database.url, [keySet('cart', ['session'], more)], { archive })
    const carts = async () => (await database.query('SELECT id FROM cart ORDER BY id')).map(({ id }) => id)
    const items = async () =>
      (await database.query('SELECT id, cart_id FROM item ORDER BY id')).map(({ id, cart_id }) => [id, cart_id])
    const keys = () => database.query("SHOW INDEX FROM cart WHERE key_name LIKE 'uq_%'")

    /** Runs up while `sql` is under way in a transaction that ends only then. */
    const during = async (sql: string, end: 'COMMIT' | 'ROLLBACK' = 'COMMIT', settings?: string) => {
      const { up } = await plan()
      const writer = await open(sql)
      const migration = await start(up, settings)
      await isHeldUp(migration, waits)
      await writer.query(end)
      expect(await migration.outcome).toBe('')
    }

    test.sequential('a child that was inserted before is waited for and repointed', async () => {
      await during('INSERT INTO item VALUES (3, 2, 12), (4, 2, 10)')
      expect(await carts()).toEqual([1, 3])
      expect(await items()).toEqual([
        [1, 1],
        [2, 1],
        [3, 1],
      ])
    })

    test.sequential('so it is where the session runs at SERIALIZABLE, and without autocommit', async () => {
      const settings = 'SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET autocommit = 0; SELECT * FROM cart'
      await during('INSERT INTO item VALUES (3, 2, 12)', 'COMMIT', settings)
      expect(await items()).toContainEqual([3, 1])
    })

    test.sequential('a child whose insert is rolled back leaves nothing', async () => {
      await during('INSERT INTO item VALUES (3, 2, 12)', 'ROLLBACK')
      expect(await items()).toEqual([
        [1, 1],
        [2, 1],
      ])
    })

    for (const lock of ['FOR UPDATE', 'LOCK IN SHARE MODE']) {
      test.sequential(`a row that was locked ${lock} is waited for, and so is what its owner does then`, async () => {
        const { up } = await plan()
        const writer = await open(`SELECT id FROM cart WHERE id = 2 ${lock}`)
        const migration = await start(up)
        await isHeldUp(migration, waits)
        // Once the migration waits in the queue, whoever asks for another table waits behind it: its turn ends first.
        const insert = writer.query('INSERT INTO item VALUES (3, 2, 12)').then(() => '', errorText)
        const refused = await insert
        await writer.query('COMMIT')
        const outcome = await migration.outcome
        expect([refused, outcome]).toEqual(['', ''])
        expect(await items()).toContainEqual([3, 1])
      })
    }

    test.sequential('a row that has got another key meanwhile is nobody’s surplus row', async () => {
      await during("UPDATE cart SET session = 'c' WHERE id = 2")
      expect(await carts()).toEqual([1, 2, 3])
      expect(await items()).toContainEqual([2, 2])
    })

    test.sequential('a survivor that was deleted meanwhile takes nothing with it', async () => {
      await during('DELETE FROM cart WHERE id = 1')
      expect(await carts()).toEqual([2, 3])
      expect(await items()).toEqual([[2, 2]])
    })

    test.sequential('rows that have become different meanwhile stop it', async () => {
      const { up } = await plan()
      const writer = await open("UPDATE cart SET note = 'mine' WHERE id = 2")
      const migration = await start(up)
      await isHeldUp(migration, waits)
      await writer.query('COMMIT')
      expect(await migration.outcome).toContain('differ in note')
      expect(await carts()).toEqual([1, 2, 3])
    })

    for (const isolation of isolations) {
      test.sequential(`whoever writes while rows are removed is told, at ${isolation}`, async () => {
        const { name } = database
        await database.script(
          `CREATE TRIGGER brake BEFORE DELETE ON cart FOR EACH ROW SET @brake = GET_LOCK('${name}', 50)`,
        )
        const { up } = await plan()
        const holder = await database.connect()
        await holder.query(`DO GET_LOCK('${name}', 50)`)
        const migration = await start(up)
        await isHeldUp(migration, /User lock/)
        const writes = [
          'INSERT INTO item VALUES (3, 2, 12)',
          "INSERT INTO cart VALUES (4, 'a', NULL)",
          'UPDATE item SET cart_id = 2 WHERE id = 1',
          'SELECT id FROM cart',
        ]
        const settings = `SET SESSION TRANSACTION ISOLATION LEVEL ${isolation}`
        const late = await Promise.all(writes.map((sql) => start(`BEGIN; ${sql}; COMMIT`, settings)))
        for (const each of late) await isHeldUp(each, /metadata lock/)
        await holder.query(`DO RELEASE_LOCK('${name}')`)
        expect(await migration.outcome).toBe('')
        const [child, twin, moved, read] = await Promise.all(late.map(({ outcome }) => outcome))
        expect(child).toMatch(/foreign key constraint fails.*item_cart/)
        expect(twin).toMatch(/Duplicate entry 'a' for key .*uq_cart_session/)
        expect(moved).toMatch(/foreign key constraint fails.*item_cart/)
        expect(read).toBe('')
        expect(await carts()).toEqual([1, 3])
        expect(await items()).toEqual([
          [1, 1],
          [2, 1],
        ])
      })
    }

    test.sequential('a reader that does not end: nothing has happened then, and it can be run again', async () => {
      const { up } = await plan()
      const reader = await open('SELECT * FROM cart')
      await wait(2100)
      const stall = async (id: number) => {
        const begin = performance.now()
        await database.query("INSERT INTO cart VALUES (?, 'e', NULL)", [id])
        return performance.now() - begin
      }
      const migration = await start(up)
      // First it rests, and nobody waits for it; then as long as LOCK TABLES waits, at most.
      await isHeldUp(migration, /User sleep/)
      expect(await stall(5)).toBeLessThan(1_000)
      await isHeldUp(migration, /metadata lock/)
      expect(await stall(6)).toBeLessThan(6_000)
      expect(await migration.outcome).toMatch(/Lock wait timeout exceeded/)
      expect(await carts()).toEqual([1, 2, 3, 5, 6])
      expect(await keys()).toEqual([])
      await reader.query('COMMIT')
      await nothingLocked(database, ['cart', 'item'])
      expect(await (await start(up)).outcome).toBe('')
      expect(await carts()).toEqual([1, 3, 5])
    })

    test.sequential('an older snapshot has no rows by the new index: its transaction is to be run again', async () => {
      await database.script('CREATE TABLE visitor (id int PRIMARY KEY)')
      const { fix, up } = await plan()
      const early = await open('SELECT id FROM visitor', 'REPEATABLE READ')
      expect(await (await start(up)).outcome).toBe('')
      const read = early.query("SELECT id FROM cart WHERE session = 'a'")
      await expect(read).rejects.toMatchObject({ errno: 1412 })
      await early.query("ROLLBACK; BEGIN; SELECT id FROM visitor; SELECT id FROM cart WHERE session = 'a'; COMMIT")
      expect(fix.script?.header.join(' ')).toContain('error 1412')
    })

    test.sequential('the same file, run three times at once, runs once', { timeout: 120_000 }, async () => {
      const { up, down } = await plan()
      for (const file of [up, down, up]) {
        const runs = await Promise.all([start(file), start(file), start(file)])
        const outcomes = await Promise.all(runs.map(({ outcome }) => outcome))
        expect(outcomes).toContain('')
        for (const each of outcomes) expect(each).toMatch(/^$|another file of goc-audit is running/)
        expect(await carts()).toEqual(file === down ? [1, 2, 3] : [1, 3])
      }
      expect(await keys()).toHaveLength(1)
    })

    test.sequential('two plans over the same tables come after each other', async () => {
      await database.script('INSERT INTO item VALUES (3, 3, 10)')
      const sessions = await plan()
      const products = await planFor(
        database.url,
        [
          keySet('item', ['product'], {
            resolution: { survivor: 'oldest', merge: {}, divergent: 'keep-survivor', references: [] },
          }),
        ],
        { archive },
      )
      const runs = await Promise.all([start(sessions.up), start(products.up)])
      expect(await Promise.all(runs.map(({ outcome }) => outcome))).toEqual(['', ''])
      expect(await items()).toEqual([
        [1, 1],
        [2, 1],
      ])
    })

    test.sequential('a child that was inserted before the way back stays with the survivor', async () => {
      const { up, down } = await plan()
      expect(await (await start(up)).outcome).toBe('')
      const writer = await open('INSERT INTO item VALUES (3, 1, 12)')
      const migration = await start(down)
      await isHeldUp(migration, waits)
      await writer.query('COMMIT')
      expect(await migration.outcome).toBe('')
      expect(await carts()).toEqual([1, 2, 3])
      expect(await items()).toEqual([
        [1, 1],
        [2, 2],
        [3, 1],
      ])
    })

    /** Everybody looks a new key up, then everybody inserts it; who loses looks again. */
    const race = async (key: string, isolation: string, again: string) => {
      const found = { created: 0, refused: 0, read: 0 }
      const racers = await Promise.all(
        Array.from({ length: 16 }, () => open(`SELECT id FROM cart WHERE session = '${key}'`, isolation)),
      )
      const first = 100 * (1 + (await carts()).length)
      await Promise.all(
        racers.map(async (racer, n) => {
          try {
            await racer.query('INSERT INTO cart (id, session) VALUES (?, ?)', [first + n, key])
            found.created += 1
          } catch (error) {
            expect((error as { errno: number }).errno).toBe(1062)
            found.refused += 1
            const [rows] = await racer.query(`SELECT id FROM cart WHERE session = ? ${again}`, [key])
            found.read += (rows as unknown[]).length
          }
          await racer.query('COMMIT')
          await racer.end()
        }),
      )
      return found
    }

    test.sequential('get-or-create races as the audit says, before and after', async () => {
      const transactions = { isolation: 'repeatable-read' } as const
      const audit = async () => (await scanUrl(database.url, [keySet('cart', ['session'], transactions)])).keySets[0]
      expect((await audit())?.verdict.protection).toBe('none')
      expect(await race('x', 'READ COMMITTED', '')).toEqual({ created: 16, refused: 0, read: 0 })
      expect(await race('y', 'REPEATABLE READ', '')).toEqual({ created: 16, refused: 0, read: 0 })
      expect(await (await start((await plan()).up)).outcome).toBe('')

      const after = await audit()
      expect(after?.verdict).toMatchObject({ protection: 'full', hazards: ['stale-retry'] })
      expect(after?.facts.staleRetryAdvice).toMatch(/FOR SHARE|LOCK IN SHARE MODE/)
      // The hazard, and each way out of it that the advice names.
      const lost = { created: 1, refused: 15 }
      expect(await race('p', 'REPEATABLE READ', '')).toEqual({ ...lost, read: 0 })
      expect(await race('q', 'REPEATABLE READ', 'LOCK IN SHARE MODE')).toEqual({ ...lost, read: 15 })
      expect(await race('r', 'READ COMMITTED', '')).toEqual({ ...lost, read: 15 })
      const twins = 'SELECT session FROM cart GROUP BY session HAVING COUNT(*) > 1'
      expect(await database.query(twins)).toEqual([])
    })
  },
  { atOnce: true },
)
