import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase, type Role, urlFor, withDatabase } from '../support/database.js'
import { planFor, run } from '../support/fix.js'
import { type PostgresProcess, startPostgres } from '../support/postgres.js'
import { until } from '../support/process.js'
import { keySet } from '../support/scan.js'
import { anyPostgres, forEachPostgres } from '../support/servers.js'

const tables = `
  CREATE TABLE cart (id int PRIMARY KEY, session text NOT NULL);
  CREATE TABLE item (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES cart ON DELETE CASCADE);`
const shop = `${tables}
  INSERT INTO cart VALUES (1, 'a'), (2, 'a'), (3, 'b');
  INSERT INTO item VALUES (1, 1), (2, 2), (3, 3);`
const keySets = [keySet('cart', ['session'])]
const archive = 'goc_audit.cart_session_1_cart'

forEachPostgres(
  (server) => {
    test('nobody but its owner sees what is in the archive', () =>
      withDatabase(
        server,
        shop,
        async (database) => {
          const { up, cleanup } = await planFor(database.url, keySets)
          const reader = await database.role()
          const readsAll = await database.role()
          const { client } = database
          await client.query(`GRANT pg_read_all_data TO ${readsAll.name}`)
          await database.script(
            `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${reader.name};
             ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
             ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO ${reader.name};
             GRANT SELECT ON cart TO ${reader.name};
             ALTER TABLE cart ENABLE ROW LEVEL SECURITY;
             CREATE POLICY own ON cart FOR SELECT TO ${reader.name} USING (session = 'b')`,
          )
          expect(await run(database, up)).toBe('')
          expect(await database.query(`SELECT id FROM ${archive} WHERE goc_state = 'removed'`)).toEqual([{ id: 2 }])

          expect(await seen(database, reader, 'SELECT id FROM cart')).toEqual([{ id: 3 }])
          for (const table of [archive, 'goc_audit.id_map', 'goc_audit.plan', 'goc_audit.conflict']) {
            expect(await seen(database, reader, `SELECT * FROM ${table}`)).toMatch(/permission denied/)
            // It may read every table, and still no row that a policy doesn't grant.
            expect(await seen(database, readsAll, `SELECT * FROM ${table}`)).toEqual([])
          }
          expect(await run(database, cleanup)).toBe('')
          expect(await database.query("SELECT FROM pg_namespace WHERE nspname = 'goc_audit'")).toEqual([])
        },
        { owned: true },
      ))

    test('a role that does not own the tables is refused, and so is one from which rows are hidden', () =>
      withDatabase(server, shop, async (database) => {
        const before = await database.query('SELECT * FROM cart ORDER BY id')
        const { up } = await planFor(database.url, keySets)
        const writer = await database.role()
        await database.script(
          `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${writer.name}; GRANT CREATE ON DATABASE ${database.name} TO ${writer.name}`,
        )
        expect(await seen(database, writer, up)).toMatch(/this role does not own (cart, item|item, cart)/)
        await database.script(
          `ALTER TABLE cart OWNER TO ${writer.name}; ALTER TABLE item OWNER TO ${writer.name};
           ALTER TABLE cart ENABLE ROW LEVEL SECURITY; ALTER TABLE cart FORCE ROW LEVEL SECURITY;
           GRANT CREATE ON SCHEMA public TO ${writer.name}`,
        )
        expect(await seen(database, writer, up)).toMatch(/row security hides rows from this role: cart/)
        expect(await database.query('SELECT * FROM cart ORDER BY id')).toEqual(before)
        expect(await database.query("SELECT FROM pg_namespace WHERE nspname = 'goc_audit'")).toEqual([])
      }))
  },
  { pglite: false },
)

/** The rows, or the server's message. */
async function seen(database: Database, role: Role, sql: string): Promise<unknown> {
  const client = await database.connect(role.url)
  return client.query(sql).then(
    ({ rows }) => rows,
    (error: Error) => error.message,
  )
}

describe('under a publication of all tables', () => {
  let logical: PostgresProcess
  let publisher: Database
  let subscriber: Database
  beforeAll(async () => {
    const server = anyPostgres()
    if (!server.bin) throw new Error('a subscriber needs the programs of a server')
    logical = await startPostgres(server.bin, { wal_level: 'logical', max_wal_senders: 4, max_replication_slots: 4 })
    const own = { ...server, url: logical.url }
    publisher = await openDatabase(own, shop)
    subscriber = await openDatabase(own, tables)
    await publisher.script('CREATE PUBLICATION everything FOR ALL TABLES')
    // In one server the slot has to be there before, or creating the subscription would wait for itself.
    await publisher.query("SELECT pg_create_logical_replication_slot('everything', 'pgoutput')")
    const url = new URL(urlFor(logical.url, { database: publisher.name }))
    const connection = `host=${url.hostname} port=${url.port} user=${url.username} password=${url.password} dbname=${publisher.name}`
    await subscriber.script(
      `CREATE SUBSCRIPTION everything CONNECTION '${connection}' PUBLICATION everything WITH (create_slot = false, slot_name = 'everything')`,
    )
    await replicated([1, 2, 3])
  })
  afterAll(async () => {
    await subscriber?.script('ALTER SUBSCRIPTION everything DISABLE').catch(() => {})
    await subscriber?.script('ALTER SUBSCRIPTION everything SET (slot_name = NONE)').catch(() => {})
    await subscriber?.script('DROP SUBSCRIPTION everything').catch(() => {})
    await publisher?.query("SELECT pg_drop_replication_slot('everything')").catch(() => {})
    await logical?.stop()
  })

  const replicated = (ids: readonly number[]) =>
    until(async () => {
      const rows = await subscriber.query<{ id: number }>('SELECT id FROM cart ORDER BY id')
      if (String(rows.map(({ id }) => id)) !== String(ids))
        throw new Error(`the subscriber has ${JSON.stringify(rows)}`)
    })

  test('the preflight names the risk and what to run, and after that replication goes on', async () => {
    const { fix, up, down } = await planFor(publisher.url, keySets)
    expect(fix.warnings.join('\n')).toMatch(/publication everything is FOR ALL TABLES/)
    const refused = await run(publisher, up)
    expect(refused).toMatch(/everything publishes all tables.*a subscriber that has no such tables stops replicating/)
    expect(await publisher.query('SELECT id FROM cart ORDER BY id')).toHaveLength(3)
    expect(await publisher.query("SELECT FROM pg_namespace WHERE nspname = 'goc_audit'")).toEqual([])

    const toRun = /First run on each subscriber: (?<sql>.*) Then run this file/.exec(refused)?.groups?.sql ?? ''
    await subscriber.script(toRun)
    expect(await run(publisher, `SET goc_audit.accept = 'publication'; ${up}`)).toBe('')
    await replicated([1, 3])
    await subscriber.script('ALTER SUBSCRIPTION everything REFRESH PUBLICATION')
    await until(async () => {
      const rows = await subscriber.query(`SELECT id, session FROM ${archive} WHERE goc_state = 'removed'`)
      expect(rows).toEqual([{ id: 2, session: 'a' }])
    })
    await publisher.script(`INSERT INTO cart VALUES (4, 'c')`)
    await replicated([1, 3, 4])
    expect(await run(publisher, down)).toBe('')
    await replicated([1, 2, 3, 4])
  })
})
