import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { expect, test } from 'vitest'
import type { Script } from '../../src/model/script.js'
import { type Database, withDatabase } from '../support/database.js'
import { planFor, run } from '../support/fix.js'
import { keySet } from '../support/scan.js'
import { anyPostgres, forEachPostgres } from '../support/servers.js'

/** A run that is killed anywhere and started again ends as one that nobody disturbed. */

const shop = `
  DROP SCHEMA IF EXISTS goc_audit CASCADE; DROP TABLE IF EXISTS item, cart;
  CREATE TABLE cart (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session text NOT NULL, quantity int NOT NULL);
  CREATE TABLE item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE,
    product int NOT NULL, UNIQUE (cart_id, product));
  INSERT INTO cart (session, quantity) SELECT 's' || n / 3, n FROM generate_series(1, 60) AS n;
  INSERT INTO item (cart_id, product) SELECT n, n % 2 FROM generate_series(1, 60) AS n`

const keySets = [
  keySet('cart', ['session'], {
    resolution: { survivor: 'oldest', merge: { quantity: 'sum' }, divergent: 'stop', references: [] },
  }),
]

/** The statements that a client sends, one by one. */
function statements(script: Script | null, kind: 'up' | 'down'): string[] {
  return (script?.[kind] ?? []).flatMap(({ transaction, statements: list }) => {
    const sqls = list.map(({ sql }) => sql)
    return transaction === 'own' ? ['BEGIN ISOLATION LEVEL READ COMMITTED', ...sqls, 'COMMIT'] : sqls
  })
}

/** Everything that lasts, times left out. */
async function lasting({ query }: Database): Promise<unknown> {
  const found: Record<string, unknown> = {}
  const tables = await query<{ name: string }>(
    "SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('public', 'goc_audit') ORDER BY 1",
  )
  for (const { name } of tables)
    found[name] = await query(
      `SELECT (to_jsonb(t) - 'applied_at' - 'undone_at')::text AS row FROM ${name} AS t ORDER BY 1`,
    )
  found.indexes = await query("SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'goc_audit') ORDER BY 1")
  found.constraints = await query(
    "SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE connamespace::regnamespace::text IN ('public', 'goc_audit') ORDER BY 1, 2",
  )
  return found
}

interface Kill {
  /** Number of the statement. */
  readonly at: number
  readonly during: boolean
  /** The server's end is killed, or the client's. */
  readonly whom: 'backend' | 'client'
}

const killsOf = (count: number): Kill[] =>
  Array.from({ length: count }, (_, at) =>
    [false, true].flatMap((during) => (['backend', 'client'] as const).map((whom) => ({ at, during, whom }))),
  ).flat()

async function runKilled(database: Database, sqls: readonly string[], { at, during, whom }: Kill): Promise<void> {
  const client = await database.connect()
  const [{ pid } = { pid: 0 }] = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows
  for (const sql of sqls.slice(0, at)) await client.query(sql)
  const running = during ? client.query(sqls[at] ?? '').catch(() => {}) : Promise.resolve()
  if (during) await sleep(Math.random() * 4)
  if (whom === 'backend') await database.query('SELECT pg_terminate_backend($1)', [pid])
  else cut(client)
  await running
  for (let left = 1; left > 0; await sleep(5)) {
    const [row] = await database.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM pg_stat_activity WHERE pid = $1',
      [pid],
    )
    left = row?.n ?? 0
  }
}

function cut(client: pg.Client): void {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}

forEachPostgres(
  (server) => {
    test('killed anywhere and run again, up and down end as if nothing had happened', { timeout: 300_000 }, () =>
      withDatabase(server, shop, async (database) => {
        const all = server.label === anyPostgres().label
        const planned = await planFor(database.url, keySets, { limits: { maxSurplus: 1, maxGroup: 10 } })
        const before = await lasting(database)
        expect(await run(database, planned.up)).toBe('')
        const applied = await lasting(database)
        expect(await run(database, planned.down)).toBe('')
        const undone = await lasting(database)
        let killed = 0
        for (const kind of ['up', 'down'] as const) {
          const sqls = statements(planned.fix.script, kind)
          for (const kill of killsOf(sqls.length).filter((_, n) => (all ? n % 3 < 2 : n % 13 === 0))) {
            await database.script(shop)
            expect(await lasting(database)).toEqual(before)
            if (kind === 'down') expect(await run(database, planned.up)).toBe('')
            await runKilled(database, sqls, kill)
            expect(await run(database, planned[kind]), JSON.stringify(kill)).toBe('')
            expect(await lasting(database), JSON.stringify(kill)).toEqual(kind === 'up' ? applied : undone)
            killed += 1
          }
        }
        expect(killed).toBeGreaterThanOrEqual(all ? 100 : 10)
      }),
    )
  },
  { pglite: false },
)
