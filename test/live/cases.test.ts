/**
 * Every folder of test/cases: its schema.sql is loaded into a schema of its own, its config.yml scanned, the outcome
 * compared with expected.yml (one entry per key set, in order; only what is written there is compared).
 *
 * schema.sql may begin with `-- needs: from 15, to 17, extension NAME, icu, sessions`. `-- step: fails` says that the statement after
 * it must fail, `-- step: hold` that it runs in a second session whose REPEATABLE READ transaction stays open until the end.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { scan } from '../../src/audit/scan.js'
import { loadConfig } from '../../src/config/index.js'
import type { Session } from '../../src/dialects/dialect.js'
import { connect } from '../../src/dialects/index.js'
import type { Audit } from '../../src/model/audit.js'
import { type Database, openDatabase } from '../support/database.js'
import { forEachPostgres, type Server } from '../support/servers.js'

interface Expected {
  readonly protection: string
  readonly hazards?: readonly string[]
  readonly rules?: readonly string[]
  readonly severities?: readonly string[]
  readonly coveredBy?: readonly string[]
  readonly nearest?: { readonly index: string; readonly gap: string }
  readonly groups?: number
  readonly surplusRows?: number
  readonly constraintGroups?: number
  readonly notCounted?: string
  readonly remedy?: string
}

interface Case {
  readonly name: string
  readonly folder: string
  readonly sql: string
  readonly needs: readonly string[]
  readonly expected: readonly Expected[]
}

const root = join(import.meta.dirname, '../cases')
const cases = readdirSync(root).map((name): Case => {
  const folder = join(root, name)
  const sql = readFileSync(join(folder, 'schema.sql'), 'utf8')
  const needs = /^-- needs: (?<list>.+)$/m.exec(sql)?.groups?.list?.split(/,\s*/) ?? []
  return { name, folder, sql, needs, expected: parse(readFileSync(join(folder, 'expected.yml'), 'utf8')) as Expected[] }
})

const embedded = new Set(['citext', 'btree_gist'])

function fits({ needs }: Case, server: Server): boolean {
  const pglite = server.kind === 'pglite'
  return needs.every((need) => {
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

async function scanCase(session: Session, folder: string): Promise<Audit> {
  const config = await loadConfig({ cwd: folder, file: join(folder, 'config.yml') })
  const keySets = config.keySets.map((keySet) => ({
    ...keySet,
    table: { ...keySet.table, schema: schemaOf(basename(folder)) },
  }))
  const count = { exists: false, samples: 3, budget: null }
  return scan({ session, keySets, ignores: [], only: [], count, today: '2026-01-01' })
}

forEachPostgres((server) => {
  const fitting = cases.filter((one) => fits(one, server))
  let database: Database
  let session: Session

  beforeAll(async () => {
    database = await openDatabase(server)
    const extensions = new Set(
      fitting.flatMap(({ needs }) => needs.flatMap((need) => (need.startsWith('extension ') ? [need.slice(10)] : []))),
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
      const audit = await scanCase(session, one.folder)
      expect(audit.failures).toEqual([])
      expect(audit.keySets.map((keySet, at) => outcome(audit, keySet, one.expected[at]))).toEqual(one.expected)
    })
  }

  for (const one of server.kind === 'postgres' ? fitting : []) {
    test(`${one.name}: what is suggested protects`, async () => {
      const before = await scanCase(session, one.folder)
      const open = before.keySets.filter(
        ({ verdict, remedy }) => verdict.protection !== 'full' && usual.has(remedy.kind),
      )
      for (const { resolved, remedy } of open) {
        await database.query(
          `TRUNCATE ${database.client.escapeIdentifier(resolved.table.schema)}.${database.client.escapeIdentifier(resolved.table.name)} CASCADE`,
        )
        for (const sql of remedy.sql) await database.query(sql)
      }
      const after = await scanCase(session, one.folder)
      const ids = new Set(open.map(({ resolved }) => resolved.id))
      const verdicts = after.keySets
        .filter(({ resolved }) => ids.has(resolved.id))
        .map(({ verdict }) => verdict.protection)
      expect(verdicts).toEqual(open.map(() => 'full'))
    })
  }
})

/** Kinds of remedy that are whole as they stand; the others need a table per partition or a change of the application. */
const usual = new Set(['plain', 'nulls-not-distinct', 'partial', 'expression'])

/** As much of the outcome as the case speaks of. */
function outcome(
  audit: Audit,
  { resolved, verdict, duplicates, remedy }: Audit['keySets'][number],
  wanted: Expected | undefined,
): Partial<Expected> {
  const findings = audit.findings.filter((finding) => finding.keySet === resolved.id)
  const [first] = verdict.reasons
  const all: Required<Expected> = {
    protection: verdict.protection,
    hazards: verdict.hazards,
    rules: findings.map((finding) => finding.rule),
    severities: findings.map((finding) => finding.severity),
    coveredBy: [...verdict.coveredBy].sort(),
    nearest: { index: first?.index ?? '', gap: first?.gap ?? '' },
    groups: duplicates.counted ? duplicates.groups : -1,
    surplusRows: duplicates.counted ? duplicates.surplusRows : -1,
    constraintGroups: duplicates.counted ? duplicates.constraintGroups : -1,
    notCounted: duplicates.counted ? '' : duplicates.reason,
    remedy: remedy.kind,
  }
  const names = Object.keys(wanted ?? {}) as (keyof Expected)[]
  return Object.fromEntries(names.map((name) => [name, all[name]]))
}
