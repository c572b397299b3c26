import { expect, test } from 'vitest'
import { errorText, planFor } from '../support/fix.js'
import { type MysqlDatabase, withMysqlDatabase } from '../support/mysql-database.js'
import { keySet } from '../support/scan.js'
import { forEachMysql } from '../support/servers.js'
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
  CREATE TABLE cart (id int AUTO_INCREMENT PRIMARY KEY, session varchar(40) NOT NULL, token varchar(40) NOT NULL,
    quantity int NOT NULL, seen date NOT NULL, note varchar(40) NOT NULL, UNIQUE KEY cart_token_key (token));
  CREATE TABLE item (id int AUTO_INCREMENT PRIMARY KEY, cart_id int NOT NULL, product int NOT NULL, pieces int NOT NULL,
    UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE);
  CREATE TEMPORARY TABLE number (n int PRIMARY KEY);
  INSERT INTO number WITH RECURSIVE upto AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM upto WHERE n < ${3 * groups}) SELECT n FROM upto;
  INSERT INTO cart (session, token, quantity, seen, note)
    SELECT CONCAT('s', (n - 1) DIV 3), CONCAT('t', n), n % 7, DATE '2026-01-01' + INTERVAL n % 5 DAY, 'plain' FROM number ORDER BY n;
  INSERT INTO item (cart_id, product, pieces) SELECT n, 10 + n % 3, 1 FROM number ORDER BY n;
  INSERT INTO item (id, cart_id, product, pieces) SELECT ${3 * groups} + n, n, 99, n % 4 FROM number ORDER BY n;
  DROP TEMPORARY TABLE number`

async function read({ query }: MysqlDatabase): Promise<Shop> {
  return {
    carts: (await query('SELECT id, session, token, quantity, seen, note FROM cart ORDER BY id')) as never,
    items: (await query('SELECT id, cart_id, product, pieces FROM item ORDER BY id')) as never,
  }
}

/** What the application does between up and down. */
async function workingDay({ query }: MysqlDatabase): Promise<void> {
  const survivors = (list: readonly number[]) => list.map((group) => idsOf(group)[0])
  await query("UPDATE cart SET quantity = quantity + 1, note = 'touched' WHERE id IN (?)", [survivors(bumped)])
  await query('INSERT INTO item (cart_id, product, pieces) SELECT id, 500, 5 FROM cart WHERE id IN (?)', [
    survivors(extended),
  ])
  await query('DELETE FROM cart WHERE id IN (?)', [survivors(deleted)])
  // The item of the third cart, which was repointed to the first.
  await query('UPDATE item SET cart_id = ?, product = id + 1000 WHERE id IN (?)', [
    elsewhere,
    moved.map((group) => idsOf(group)[2]),
  ])
  const insert = "INSERT INTO cart (id, session, token, quantity, seen, note) VALUES (?, ?, ?, 1, '2026-02-02', 'new')"
  for (const group of reused) await query(insert, [idsOf(group)[1], `new ${group}`, `new ${group}`])
  await query(insert, [null, 'other', `t${idsOf(taken)[1]}`])
}

forEachMysql(
  (server) => {
    test('brings back what can come back, keeps what was written since, and lists the rest', { timeout: 300_000 }, () =>
      withMysqlDatabase(server, shop, async (database) => {
        const archive = await database.another('archive')
        const { query } = database
        /** On a connection of its own, which a failure ends. Returns rows that it shows as well. */
        const run = async (sql: string): Promise<{ error: string; shown: string }> => {
          const connection = await database.connect()
          try {
            const [results] = await connection.query(sql)
            return { error: '', shown: JSON.stringify((results as unknown[]).filter(Array.isArray)) }
          } catch (error) {
            return { error: errorText(error), shown: '' }
          } finally {
            await connection.end()
          }
        }
        const before = await read(database)
        const { up, down, cleanup } = await planFor(
          database.url,
          [keySet('cart', ['session'], { resolution: resolution as never })],
          { archive, limits: { maxSurplus: 0.9, maxGroup: 10 } },
        )
        expect((await run(up)).error).toBe('')
        expect((await read(database)).carts).toHaveLength(groups)
        await workingDay(database)
        const day = await read(database)

        expect((await run(down)).error).toMatch(/107 values or rows were not restored/)
        expect(await read(database)).toEqual(expected(before, day))
        expect(await query("SHOW INDEX FROM cart WHERE key_name = 'uq_cart_session'")).toEqual([])

        const listed = await query<{ what: string; n: number }>(`
          SELECT CONCAT(table_name, ' ', COALESCE(column_name, ''), ': ', reason) AS what, COUNT(*) AS n,
            MIN(archived IS NOT NULL) AS archived FROM ${archive}.conflict GROUP BY 1 ORDER BY 1`)
        expect(listed).toEqual([
          { what: 'cart : another row has its key in PRIMARY now', n: 3, archived: 1 },
          { what: 'cart : another row has its key in cart_token_key now', n: 1, archived: 1 },
          { what: 'cart : the row was deleted since', n: 10, archived: 1 },
          { what: 'cart quantity: the value was changed since', n: 50, archived: 1 },
          { what: 'item : the row that it refers to is not restored', n: 4, archived: 1 },
          { what: 'item : the row was deleted since', n: 30, archived: 1 },
          { what: 'item cart_id: the row that it refers to is not restored', n: 4, archived: 1 },
          { what: 'item cart_id: the value was changed since', n: 5, archived: 1 },
        ])
        const [bump] = await query(
          `SELECT archived, found FROM ${archive}.conflict WHERE column_name = 'quantity' AND row_key = '{"id": 1}'`,
        )
        const quantity = (some: Shop) => String(some.carts.find(({ id }) => id === 1)?.quantity)
        expect(bump).toEqual({ archived: quantity(before), found: quantity(day) })
        const [reuse] = await query<{ archived: string; found: string }>(
          `SELECT archived, found FROM ${archive}.conflict WHERE reason LIKE '%PRIMARY%' ORDER BY number LIMIT 1`,
        )
        expect(JSON.parse(reuse?.archived ?? '')).toMatchObject({ id: idsOf(100)[1], session: 's100' })
        expect(JSON.parse(reuse?.found ?? '')).toMatchObject({ id: idsOf(100)[1], session: 'new 100' })

        const undone = await read(database)
        const conflicts = () => query(`SELECT * FROM ${archive}.conflict ORDER BY number`)
        const kept = await conflicts()
        const again = await run(down)
        expect(again.error).toBe('')
        expect(again.shown).toMatch(/undone already, but for 107 values or rows.*conflict/)
        expect(await read(database)).toEqual(undone)
        expect(await conflicts()).toEqual(kept)

        expect((await run(up)).error).toMatch(/could not be restored are still in its archive/)
        expect((await run(cleanup)).error).toBe('')
        expect(await read(database)).toEqual(undone)
        expect(await query('SHOW DATABASES LIKE ?', [archive])).toEqual([])
      }),
    )
  },
  { atOnce: true },
)
