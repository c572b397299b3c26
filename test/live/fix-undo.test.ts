import { expect, test } from 'vitest'
import { type Database, withDatabase } from '../support/database.js'
import { planFor, run } from '../support/fix.js'
import { keySet } from '../support/scan.js'
import { forEachPostgres } from '../support/servers.js'
import {
  bumped,
  deleted,
  elsewhere,
  expected,
  extended,
  groups,
  idsOf,
  moved,
  resolution,
  reused,
  type Shop,
  taken,
} from '../support/undo-story.js'

/** Three carts a session, ids in a row; each has an item of its own and one that they all have. */
const shop = `
  CREATE TABLE cart (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session text NOT NULL, token text NOT NULL UNIQUE,
    quantity int NOT NULL, seen date NOT NULL, note text NOT NULL);
  CREATE TABLE item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE,
    product int NOT NULL, pieces int NOT NULL, UNIQUE (cart_id, product));
  INSERT INTO cart (session, token, quantity, seen, note)
    SELECT 's' || (n - 1) / 3, 't' || n, n % 7, date '2026-01-01' + n % 5, 'plain' FROM generate_series(1, ${3 * groups}) AS n;
  INSERT INTO item (cart_id, product, pieces) SELECT n, 10 + n % 3, 1 FROM generate_series(1, ${3 * groups}) AS n;
  INSERT INTO item (cart_id, product, pieces) SELECT n, 99, n % 4 FROM generate_series(1, ${3 * groups}) AS n`

async function read({ query }: Database): Promise<Shop> {
  return {
    carts: (await query('SELECT id, session, token, quantity, seen::text, note FROM cart ORDER BY id')) as never,
    items: (await query('SELECT id, cart_id, product, pieces FROM item ORDER BY id')) as never,
  }
}

/** What the application does between up and down. */
async function workingDay(database: Database): Promise<void> {
  const survivors = (list: readonly number[]) => list.map((group) => idsOf(group)[0])
  const { query } = database
  await query(`UPDATE cart SET quantity = quantity + 1, note = 'touched' WHERE id = ANY ($1)`, [survivors(bumped)])
  await query('INSERT INTO item (cart_id, product, pieces) SELECT unnest($1::int[]), 500, 5', [survivors(extended)])
  await query('DELETE FROM cart WHERE id = ANY ($1)', [survivors(deleted)])
  // The item of the third cart, which was repointed to the first.
  await query('UPDATE item SET cart_id = $1, product = id + 1000 WHERE id = ANY ($2)', [
    elsewhere,
    moved.map((group) => idsOf(group)[2]),
  ])
  for (const group of reused) {
    await query(
      `INSERT INTO cart (id, session, token, quantity, seen, note) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, 1, '2026-02-02', 'new')`,
      [idsOf(group)[1], `new ${group}`, `new ${group}`],
    )
  }
  await query(`INSERT INTO cart (session, token, quantity, seen, note) VALUES ('other', $1, 1, '2026-02-02', 'new')`, [
    `t${idsOf(taken)[1]}`,
  ])
}

forEachPostgres(
  (server) => {
    test('brings back what can come back, keeps what was written since, and lists the rest', () =>
      withDatabase(server, shop, async (database) => {
        const before = await read(database)
        const { up, down, cleanup } = await planFor(
          database.url,
          [keySet('cart', ['session'], { resolution: resolution as never })],
          { limits: { maxSurplus: 0.9, maxGroup: 10 } },
        )
        expect(await run(database, up)).toBe('')
        expect((await read(database)).carts).toHaveLength(groups)
        await workingDay(database)
        const day = await read(database)

        expect(await run(database, down)).toMatch(/107 values or rows were not restored.*goc_audit\.conflict/)
        expect(await read(database)).toEqual(expected(before, day))
        expect(await database.query("SELECT conname FROM pg_constraint WHERE conname = 'uq_cart_session'")).toEqual([])

        const listed = await database.query<{ what: string; n: number }>(`
          SELECT format('%s %s: %s', table_name, column_name, reason) AS what, count(*)::int AS n,
            bool_and(archived IS NOT NULL) AS archived FROM goc_audit.conflict GROUP BY 1 ORDER BY 1`)
        expect(listed).toEqual([
          { what: 'cart : another row has its key in cart_pkey now', n: 3, archived: true },
          { what: 'cart : another row has its key in cart_token_key now', n: 1, archived: true },
          { what: 'cart : the row was deleted since', n: 10, archived: true },
          { what: 'cart quantity: the value was changed since', n: 50, archived: true },
          { what: 'item : the row that it refers to is not restored', n: 4, archived: true },
          { what: 'item : the row was deleted since', n: 30, archived: true },
          { what: 'item cart_id: the row that it refers to is not restored', n: 4, archived: true },
          { what: 'item cart_id: the value was changed since', n: 5, archived: true },
        ])
        const [bump] = await database.query(
          `SELECT archived, found FROM goc_audit.conflict WHERE column_name = 'quantity' AND row_key = '{"id": 1}'`,
        )
        const quantity = (shop: Shop) => String(shop.carts.find(({ id }) => id === 1)?.quantity)
        expect(bump).toEqual({ archived: quantity(before), found: quantity(day) })
        const [reuse] = await database.query<{ archived: string; found: string }>(
          `SELECT archived, found FROM goc_audit.conflict WHERE reason LIKE '%cart_pkey%' ORDER BY number LIMIT 1`,
        )
        expect(JSON.parse(reuse?.archived ?? '')).toMatchObject({ id: idsOf(100)[1], session: 's100' })
        expect(JSON.parse(reuse?.found ?? '')).toMatchObject({ id: idsOf(100)[1], session: 'new 100' })

        const undone = await read(database)
        const conflicts = () => database.query('SELECT * FROM goc_audit.conflict ORDER BY number')
        const kept = await conflicts()
        const notices: (string | undefined)[] = []
        database.client.on('notice', ({ message }) => notices.push(message))
        expect(await run(database, down)).toBe('')
        expect(notices).toContainEqual(expect.stringMatching(/undone already, but for 107 values or rows.*conflict/))
        expect(await read(database)).toEqual(undone)
        expect(await conflicts()).toEqual(kept)

        expect(await run(database, up)).toMatch(/could not be restored are still in its archive/)
        expect(await run(database, cleanup)).toBe('')
        expect(await read(database)).toEqual(undone)
        expect(await database.query("SELECT FROM pg_namespace WHERE nspname = 'goc_audit'")).toEqual([])
      }))
  },
  { pglite: false },
)
