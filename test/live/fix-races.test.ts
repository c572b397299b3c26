/**
 * What others do while a file runs: hazards D2 to D7 of merging rows under the feet of an application. A migration is
 * held up where it matters, by a transaction that it has to wait for, or in the middle of its work by a trigger.
 */
import type pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../support/database.js'
import { errorText, planFor } from '../support/fix.js'
import { until } from '../support/process.js'
import { keySet } from '../support/scan.js'
import { forEachPostgres } from '../support/servers.js'

const shop = `
  CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL, note text);
  CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE, product int, UNIQUE (cart_id, product));
  INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
  INSERT INTO item VALUES (1, 1, 10), (2, 2, 11);`

/** Holds the migration up while it removes rows: after it has looked at everything, before it is done. */
const brake = `
  CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
    PERFORM pg_advisory_xact_lock_shared(42);
    RETURN OLD;
  END$$;
  CREATE TRIGGER brake BEFORE DELETE ON cart FOR EACH ROW EXECUTE FUNCTION wait_here();`

const isolations = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'] as const

interface Running {
  readonly pid: number
  /** What it ends with: the server's message, or nothing. */
  readonly outcome: Promise<string>
}

forEachPostgres(
  (server) => {
    let database: Database
    beforeEach(async () => {
      database = await openDatabase(server, shop)
    })
    afterEach(() => database.drop())

    const start = async (sql: string, settings = 'SELECT'): Promise<Running> => {
      const client = await database.connect()
      await client.query(settings)
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      const outcome = client.query(sql).then(() => '', errorText)
      return { pid: rows[0]?.pid ?? 0, outcome }
    }

    /** Until it can't go on, or takes a rest before it tries again. */
    const isHeldUp = ({ pid }: Running, by: RegExp) =>
      until(async () => {
        const rows = await database.query<{ event: string | null }>(
          'SELECT wait_event AS event FROM pg_stat_activity WHERE pid = $1',
          [pid],
        )
        expect(rows[0]?.event).toMatch(by)
      })

    const open = async (sql: string, isolation = 'READ COMMITTED'): Promise<pg.Client> => {
      const client = await database.connect()
      await client.query(`BEGIN ISOLATION LEVEL ${isolation}`)
      await client.query(sql)
      return client
    }

    const plan = () => planFor(database.url, [keySet('cart', ['session'])])
    const carts = async () => (await database.query('SELECT id FROM cart ORDER BY id')).map(({ id }) => id)
    const items = async () =>
      (await database.query('SELECT id, cart_id FROM item ORDER BY id')).map(({ id, cart_id }) => [id, cart_id])

    /** Runs up while `sql` is under way in a transaction that ends only then. */
    const during = async (sql: string, end: 'COMMIT' | 'ROLLBACK' = 'COMMIT', settings?: string) => {
      const { up } = await plan()
      const writer = await open(sql)
      const migration = await start(up, settings)
      await isHeldUp(migration, /relation|PgSleep/)
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

    test.sequential('so it is where the session runs at REPEATABLE READ unless told otherwise', async () => {
      await during(
        'INSERT INTO item VALUES (3, 2, 12)',
        'COMMIT',
        `SET default_transaction_isolation = 'repeatable read'`,
      )
      expect(await items()).toContainEqual([3, 1])
    })

    test.sequential('a child whose insert is rolled back leaves nothing', async () => {
      await during('INSERT INTO item VALUES (3, 2, 12)', 'ROLLBACK')
      expect(await items()).toEqual([
        [1, 1],
        [2, 1],
      ])
    })

    for (const lock of ['FOR UPDATE', 'FOR KEY SHARE']) {
      test.sequential(`a row that was locked ${lock} is waited for, and so is what its owner does then`, async () => {
        const { up } = await plan()
        const writer = await open(`SELECT FROM cart WHERE id = 2 ${lock}`)
        const migration = await start(up)
        await isHeldUp(migration, /relation|PgSleep/)
        await writer.query('INSERT INTO item VALUES (3, 2, 12)')
        await writer.query('COMMIT')
        expect(await migration.outcome).toBe('')
        expect(await items()).toContainEqual([3, 1])
      })
    }

    test.sequential('a row that has got another key meanwhile is nobody’s surplus row', async () => {
      await during(`UPDATE cart SET session = 'c' WHERE id = 2`)
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
      const writer = await open(`UPDATE cart SET note = 'mine' WHERE id = 2`)
      const migration = await start(up)
      await isHeldUp(migration, /relation|PgSleep/)
      await writer.query('COMMIT')
      expect(await migration.outcome).toContain('differ in note')
      expect(await carts()).toEqual([1, 2, 3])
    })

    for (const isolation of isolations) {
      test.sequential(`whoever writes while rows are removed is told, at ${isolation}`, async () => {
        await database.script(brake)
        const { up } = await plan()
        const holder = await open('SELECT pg_advisory_xact_lock(42)')
        const early = await open('SELECT FROM cart', isolation)
        const migration = await start(up)
        await isHeldUp(migration, /advisory/)
        const writes = [
          'INSERT INTO item VALUES (3, 2, 12)',
          `INSERT INTO cart VALUES (4, 'a')`,
          'UPDATE item SET cart_id = 2 WHERE id = 1',
        ]
        const late = await Promise.all(writes.map((sql) => start(`BEGIN ISOLATION LEVEL ${isolation}; ${sql}; COMMIT`)))
        for (const each of late) await isHeldUp(each, /relation/)
        const earlyOutcome = early.query('INSERT INTO item VALUES (5, 2, 13)').then(() => '', errorText)
        await holder.query('COMMIT')
        expect(await migration.outcome).toBe('')
        const [child, twin, moved] = await Promise.all(late.map(({ outcome }) => outcome))
        const refused = /violates foreign key constraint "item_cart_id_fkey"|could not serialize access/
        expect(child).toMatch(refused)
        expect(twin).toMatch(/violates unique constraint "uq_cart_session"|could not serialize access/)
        expect(moved).toMatch(refused)
        expect(await earlyOutcome).toMatch(refused)
        expect(await carts()).toEqual([1, 3])
        expect(await items()).toEqual([
          [1, 1],
          [2, 1],
        ])
      })
    }

    test.sequential('readers go on all the time', async () => {
      await database.script(brake)
      const { up } = await plan()
      const holder = await open('SELECT pg_advisory_xact_lock(42)')
      const migration = await start(up)
      await isHeldUp(migration, /advisory/)
      expect(await carts()).toEqual([1, 2, 3])
      await holder.query('COMMIT')
      expect(await migration.outcome).toBe('')
    })

    test.sequential('a transaction around it that sees too little is refused', async () => {
      const { up } = await plan()
      const migration = await start(
        up.replaceAll(/^(BEGIN|COMMIT)\b.*;$/gm, ''),
        'BEGIN ISOLATION LEVEL REPEATABLE READ',
      )
      expect(await migration.outcome).toContain('this transaction runs at repeatable read')
    })

    test.sequential('the same file, run three times at once, runs once', async () => {
      const { up, down } = await plan()
      for (const file of [up, down, up]) {
        const runs = await Promise.all([start(file), start(file), start(file)])
        expect(await Promise.all(runs.map(({ outcome }) => outcome))).toEqual(['', '', ''])
        expect(await carts()).toEqual(file === down ? [1, 2, 3] : [1, 3])
      }
      expect(await database.query(`SELECT conname FROM pg_constraint WHERE conname ~ 'uq_'`)).toHaveLength(1)
    })

    test.sequential('two plans over the same tables come after each other', async () => {
      await database.script(`INSERT INTO item VALUES (3, 3, 10)`)
      const carts = await planFor(database.url, [keySet('cart', ['session'])])
      const products = await planFor(database.url, [
        keySet('item', ['product'], {
          resolution: { survivor: 'oldest', merge: {}, divergent: 'keep-survivor', references: [] },
        }),
      ])
      const runs = await Promise.all([start(carts.up), start(products.up)])
      expect(await Promise.all(runs.map(({ outcome }) => outcome))).toEqual(['', ''])
      expect(await items()).toEqual([
        [1, 1],
        [2, 1],
      ])
    })

    test.sequential('a child that was inserted before the way back stays with the survivor', async () => {
      const { up, down } = await plan()
      await database.script(up)
      const writer = await open('INSERT INTO item VALUES (3, 1, 12)')
      const migration = await start(down)
      await isHeldUp(migration, /relation|PgSleep/)
      await writer.query('COMMIT')
      expect(await migration.outcome).toBe('')
      expect(await carts()).toEqual([1, 2, 3])
      expect(await items()).toEqual([
        [1, 1],
        [2, 2],
        [3, 1],
      ])
    })
  },
  { pglite: false, atOnce: true },
)
