import { expect, test } from 'vitest'
import { withDatabase } from '../support/database.js'
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

forEachPostgres((server) => {
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
