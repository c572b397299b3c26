import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { urlFor, withDatabase } from '../support/database.js'
import { type PgBouncer, startPgbouncer } from '../support/pgbouncer.js'
import { anyPostgres, describeWith } from '../support/servers.js'
import { type Pair, startPair } from '../support/standby.js'

async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const answers: unknown[] = []
    for (const sql of statements) answers.push((await client.query(sql)).rows[0])
    return answers
  } finally {
    await client.end()
  }
}

describeWith(inject('tools').pgbouncer)('PgBouncer', () => {
  let bouncer: PgBouncer
  beforeAll(async () => {
    bouncer = await startPgbouncer(inject('tools').pgbouncer ?? 'pgbouncer', anyPostgres().url)
  })
  afterAll(() => bouncer?.stop())

  test('gives the connection back at the end of each transaction', () =>
    withDatabase(anyPostgres(), 'CREATE TABLE cart (session_id int)', async (database) => {
      const role = await database.reader()
      const through = (url: string) => urlFor(url, { port: bouncer.port })
      const clients = [1, 2, 3].map(() => new pg.Client({ connectionString: through(database.url) }))
      await Promise.all(clients.map((client) => client.connect()))
      try {
        const pids = await Promise.all(clients.map((client) => client.query('SELECT pg_backend_pid() AS pid')))
        expect(new Set(pids.map(({ rows }) => rows[0]?.pid)).size).toBeLessThan(3)
      } finally {
        await Promise.all(clients.map((client) => client.end()))
      }
      expect(await ask(through(role.url), 'SELECT current_user AS me')).toEqual([{ me: role.name }])
    }))
})

describeWith(anyPostgres().bin)('hot standby', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await startPair(anyPostgres())
  })
  afterAll(() => pair?.stop())

  test('follows its primary and refuses writes', async () => {
    await ask(pair.primary.url, 'CREATE TABLE cart AS SELECT 1 AS session_id')
    await pair.caughtUp()
    const answers = await ask(pair.standby.url, 'SELECT pg_is_in_recovery() AS standby', 'TABLE cart')
    expect(answers).toEqual([{ standby: true }, { session_id: 1 }])
    await expect(ask(pair.standby.url, 'CREATE TABLE other (x int)')).rejects.toThrow('read-only')
  })

  test('restarts in place', async () => {
    await pair.primary.restart('immediate')
    expect(await ask(pair.primary.url, 'TABLE cart')).toEqual([{ session_id: 1 }])
  })
})
