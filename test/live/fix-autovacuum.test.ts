import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../support/database.js'
import { planFor, run } from '../support/fix.js'
import { type PostgresProcess, startPostgres } from '../support/postgres.js'
import { until } from '../support/process.js'
import { keySet } from '../support/scan.js'
import { anyPostgres, describeWith, servers } from '../support/servers.js'

/** Begins at once, and then takes minutes for a few pages. */
const eager = {
  autovacuum: 'on',
  autovacuum_naptime: '1s',
  autovacuum_vacuum_threshold: 10,
  autovacuum_vacuum_scale_factor: 0,
  autovacuum_vacuum_cost_delay: '100ms',
  autovacuum_vacuum_cost_limit: 1,
}

const shop = `
  CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
  CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart);
  INSERT INTO cart SELECT n, 's' || n / 2 FROM generate_series(1, 6000) AS n;`

describeWith(servers({ pglite: false }).some(({ bin }) => bin))('while autovacuum is at a table', () => {
  let eagerServer: PostgresProcess
  let database: Database
  beforeAll(async () => {
    const server = anyPostgres()
    eagerServer = await startPostgres(server.bin ?? '', eager)
    database = await openDatabase({ ...server, url: eagerServer.url }, shop)
  })
  afterAll(() => eagerServer?.stop())

  test('it makes way', async () => {
    const { up } = await planFor(database.url, [keySet('cart', ['session'])], {
      limits: { maxSurplus: 1, maxGroup: 10 },
    })
    await database.query('UPDATE cart SET session = session')
    await until(async () => {
      const rows = await database.query(
        "SELECT FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND query LIKE '%public.cart%'",
      )
      expect(rows).not.toEqual([])
    })
    expect(await run(database, up)).toBe('')
    expect(await eagerServer.log()).toMatch(/canceling autovacuum task/)
    expect(await database.query('SELECT count(*)::int AS n FROM cart')).toEqual([{ n: 3001 }])
  })
})
