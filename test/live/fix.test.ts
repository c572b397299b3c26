import { expect, test } from 'vitest'
import { type Database, withDatabase } from '../support/database.js'
import { failure, open } from '../support/driver.js'
import { planFor, run } from '../support/fix.js'
import { keySet } from '../support/scan.js'
import { forEachPostgres } from '../support/servers.js'

const shop = `
  CREATE TABLE cart (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session text NOT NULL, note text,
    created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cart_id bigint NOT NULL REFERENCES cart (id) ON DELETE CASCADE, product int NOT NULL, UNIQUE (cart_id, product));
  INSERT INTO cart (session, created_at) VALUES ('a', '2026-01-02'), ('a', '2026-01-01'), ('b', '2026-01-01'), ('a', '2026-01-03');
  INSERT INTO item (cart_id, product) VALUES (1, 10), (2, 10), (2, 11), (4, 12), (3, 10);`

/** Every row of every table, and every definition. */
async function state(database: Database): Promise<unknown> {
  const tables = await database.query<{ name: string }>(
    "SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1",
  )
  const rows: unknown[] = []
  for (const { name } of tables) rows.push(await database.query(`SELECT t::text AS row FROM ${name} AS t ORDER BY 1`))
  const indexes = await database.query("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
  const constraints = await database.query(
    "SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
  )
  return { tables, rows, indexes, constraints }
}

forEachPostgres((server) => {
  test('the way back restores every row and definition, and the cleanup leaves nothing but the constraint', () =>
    withDatabase(server, shop, async (database) => {
      const before = await state(database)
      const { up, down, cleanup } = await planFor(database.url, [keySet('cart', ['session'])])
      expect(await run(database, up)).toBe('')
      const after = await state(database)
      expect(await run(database, down)).toBe('')
      expect(await state(database)).toEqual(before)
      expect(await run(database, down)).toBe('')
      expect(await state(database)).toEqual(before)
      expect(await run(database, up)).toBe('')
      expect(await state(database)).toEqual(after)
      expect(await run(database, cleanup)).toBe('')
      expect(await run(database, cleanup)).toBe('')
      expect(await state(database)).toEqual(after)
      expect(await database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'goc_audit'")).toEqual([])
    }))

  test('removes surplus rows, repoints their children, and makes the key unique', () =>
    withDatabase(server, shop, async (database) => {
      const { fix, up } = await planFor(database.url, [keySet('cart', ['session'])])
      expect(fix.fixed).toEqual(['public.cart(session)'])
      expect(fix.rehearsal?.tables).toMatchObject([
        { rows: 4, surplusRows: 2, groups: 1, largestGroup: 3, changedRows: 1 },
        { rows: 5, surplusRows: 1, groups: 1, changedRows: 2 },
      ])
      expect(await run(database, up)).toBe('')
      expect(
        await database.query('SELECT id::int, session, created_at::date::text AS created FROM cart ORDER BY id'),
      ).toEqual([
        { id: 1, session: 'a', created: '2026-01-01' },
        { id: 3, session: 'b', created: '2026-01-01' },
      ])
      expect(await database.query('SELECT id::int, cart_id::int AS cart, product FROM item ORDER BY id')).toEqual([
        { id: 1, cart: 1, product: 10 },
        { id: 3, cart: 1, product: 11 },
        { id: 4, cart: 1, product: 12 },
        { id: 5, cart: 3, product: 10 },
      ])
      expect(await run(database, `INSERT INTO cart (session) VALUES ('b')`)).toMatch(/uq_cart_session/)
      expect(await run(database, up)).toBe('')
    }))
})

forEachPostgres((server) => {
  test('while it plans, the server refuses to write', () =>
    withDatabase(server, shop, async (database) => {
      const before = await state(database)
      const driver = await open(database.url)
      const writes = [
        'INSERT INTO cart (session) VALUES (1)',
        'CREATE TABLE another (id int)',
        'SET TRANSACTION READ WRITE',
        'COMMIT',
      ]
      try {
        for (const write of writes) {
          const block = `DO $$ BEGIN ${write}; END $$`
          const done = driver.rehearse(['CREATE TEMPORARY TABLE work (id int) ON COMMIT DROP'], (query) => query(block))
          expect(await failure(done), write).toEqual([
            'server-error',
            expect.stringMatching(/read-only|read-write|invalid transaction termination/),
          ])
        }
        expect(await failure(driver.rehearse(['CREATE TABLE lasting (id int)'], async () => {})).catch(String)).toMatch(
          /refused before sending/,
        )
      } finally {
        await driver.close()
      }
      expect(await state(database)).toEqual(before)
    }))
})

forEachPostgres(
  (server) => {
    test('planning takes no more than reading and temporary tables, and says so where they are missing', () =>
      withDatabase(server, shop, async (database) => {
        const role = await database.reader()
        const plan = () => planFor(role.url, [keySet('cart', ['session'])])
        expect(await failure(plan())).toEqual([
          'permission-denied',
          expect.stringMatching(/temporary tables, which this role may not have/),
          expect.stringMatching(/^GRANT TEMPORARY ON DATABASE/),
        ])
        await database.client.query(`GRANT TEMPORARY ON DATABASE ${database.name} TO ${role.name}`)
        expect((await plan()).fix.fixed).toEqual(['public.cart(session)'])
      }))
  },
  { pglite: false },
)
