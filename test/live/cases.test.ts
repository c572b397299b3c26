/**
 * Every folder of test/cases/postgres: its schema.sql is loaded into a schema of its own, its config.yml scanned, the outcome
 * compared with expected.yml (one entry per key set, in order; only what is written there is compared).
 *
 * schema.sql may begin with `-- needs: from 15, to 17, extension NAME, icu, sessions`. `-- step: fails` says that the statement after
 * it must fail, `-- step: hold` that it runs in a second session whose REPEATABLE READ transaction stays open until the end.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Session } from '../../src/dialects/dialect.js'
import { connect } from '../../src/dialects/index.js'
import { type Case, cases, open, outcomes, scanCase } from '../support/case.js'
import { type Database, openDatabase } from '../support/database.js'
import { forEachPostgres, type Server } from '../support/servers.js'

const all = cases('postgres')

const needsOf = ({ needs }: Case): string[] => (needs === '' ? [] : needs.split(/,\s*/))

const embedded = new Set(['citext', 'btree_gist'])

function fits(one: Case, server: Server): boolean {
  const pglite = server.kind === 'pglite'
  return needsOf(one).every((need) => {
    const [word, value = ''] = need.split(' ')
    if (word === 'from') return server.version >= Number(value)
    if (word === 'to') return server.version <= Number(value)
    if (word === 'extension') return !pglite || embedded.has(value)
    return !pglite
  })
}

const schemaOf = (name: string) => `case_${name.replaceAll('-', '_')}`

async function load(database: Database, { name, sql }: Case): Promise<void> {
  const path = `SET search_path = ${schemaOf(name)}, public;`
  const [first = '', ...steps] = sql.split(/^-- step: /m)
  await database.script(`CREATE SCHEMA ${schemaOf(name)}; ${path} ${first}`)
  const held: { query(sql: string): Promise<unknown> }[] = []
  for (const step of steps) {
    const [kind, ...lines] = step.split('\n')
    const statement = lines.join('\n')
    if (kind === 'hold') {
      const client = await database.connect()
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
      await client.query(statement)
      held.push(client)
    } else {
      const client = await database.connect()
      await client.query(`${path} SET statement_timeout = '1s'`)
      await expect(client.query(statement)).rejects.toThrow()
    }
  }
  for (const client of held) await client.query('COMMIT')
}

forEachPostgres((server) => {
  const fitting = all.filter((one) => fits(one, server))
  let database: Database
  let session: Session

  beforeAll(async () => {
    database = await openDatabase(server)
    const extensions = new Set(
      fitting.flatMap((one) => needsOf(one).flatMap((need) => (need.startsWith('extension ') ? [need.slice(10)] : []))),
    )
    const install = [...extensions].map((name) => `CREATE EXTENSION ${name};`).join(' ')
    if (server.kind === 'pglite') {
      await database.script(
        [
          install,
          ...fitting.map(
            ({ name, sql }) => `CREATE SCHEMA ${schemaOf(name)}; SET search_path = ${schemaOf(name)}, public; ${sql}`,
          ),
        ].join('\n'),
      )
    } else {
      await database.script(install)
      for (const one of fitting) await load(database, one)
    }
    session = await connect(
      { url: database.url, shown: 'the test database', schemas: [] },
      { statementTimeout: 20_000 },
    )
  }, 120_000)

  afterAll(async () => {
    await session.close()
    await database.drop()
  })

  for (const one of fitting) {
    test(one.name, async () => {
      const audit = await scanCase(session, one, schemaOf(one.name))
      expect(audit.failures).toEqual([])
      expect(outcomes(audit, one)).toEqual(one.expected)
    })
  }

  for (const one of server.kind === 'postgres' ? fitting : []) {
    test(`${one.name}: what is suggested protects`, async () => {
      const unprotected = open(await scanCase(session, one, schemaOf(one.name)))
      for (const { resolved, remedy } of unprotected) {
        await database.query(
          `TRUNCATE ${database.client.escapeIdentifier(resolved.table.schema)}.${database.client.escapeIdentifier(resolved.table.name)} CASCADE`,
        )
        for (const sql of remedy.sql) await database.query(sql)
      }
      const after = await scanCase(session, one, schemaOf(one.name))
      const ids = new Set(unprotected.map(({ resolved }) => resolved.id))
      const verdicts = after.keySets
        .filter(({ resolved }) => ids.has(resolved.id))
        .map(({ verdict }) => verdict.protection)
      expect(verdicts).toEqual(unprotected.map(() => 'full'))
    })
  }
})
