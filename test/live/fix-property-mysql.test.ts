import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/index.js'
import { archivedTables, archiveOf } from '../../src/dialects/mysql/fix/archive.js'
import type { Row } from '../support/database.js'
import { errorText, planFor } from '../support/fix.js'
import { mysqlWriter, readMysqlTables } from '../support/fix-example-mysql.js'
import { type FixExample, fixExamples, ordered } from '../support/fix-examples.js'
import { modelFix } from '../support/fix-model.js'
import { type MysqlDatabase, openMysqlDatabase } from '../support/mysql-database.js'
import { scanUrl } from '../support/scan.js'
import { forEachMysql } from '../support/servers.js'

/** Runs on MySQL, and on each MariaDB. */
const [most, few] = [Number(process.env.GOC_AUDIT_FIX_RUNS ?? 200), Number(process.env.GOC_AUDIT_FIX_RUNS_EACH ?? 50)]
const seed = Number(process.env.GOC_AUDIT_TEST_SEED ?? 1)
const path = process.env.GOC_AUDIT_TEST_PATH

/** Every row in the order of its text, and every definition. */
async function state({ query, name }: MysqlDatabase): Promise<unknown> {
  const tables = await query<{ name: string }>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1',
    [name],
  )
  const found: unknown[] = []
  for (const { name: table } of tables) {
    const quoted = `\`${table.replaceAll('`', '``')}\``
    const rows = await query(`SELECT * FROM ${quoted}`)
    const [definition] = await query(`SHOW CREATE TABLE ${quoted}`)
    // An index that is made again comes after the others.
    const lines = String(definition?.['Create Table']).split(/,?\n/)
    found.push([table, rows.map((row) => JSON.stringify(row)).sort(), lines.sort()])
  }
  return found
}

forEachMysql(
  (server) => {
    let database: MysqlDatabase
    let folder: string
    const archive = `goc_audit_${server.version}`
    beforeAll(async () => {
      database = await openMysqlDatabase(server)
      folder = await mkdtemp(join(tmpdir(), 'goc-audit-fix-'))
    })
    afterAll(async () => {
      await database?.script(`DROP DATABASE IF EXISTS ${archive}`)
      await database?.drop()
      await rm(folder, { recursive: true, force: true })
    })

    const keySetsOf = async (example: FixExample) => {
      await writeFile(join(folder, '.goc-audit.yml'), stringify({ keysets: example.keySets }))
      return (await loadConfig({ cwd: folder, env: {} })).keySets
    }

    /** By a connection of its own, which a failure ends. */
    const run = async (text: string): Promise<string> => {
      const connection = await database.connect()
      try {
        await connection.query(text)
        return ''
      } catch (error) {
        return errorText(error)
      } finally {
        await connection.end()
      }
    }

    /** A failing example is kept as SQL, to be looked at and made a case of. */
    const check = async (example: FixExample) => {
      try {
        await checkOne(example)
      } catch (error) {
        const kept = join(tmpdir(), `goc-audit-fix-${server.version}.sql`)
        const config = stringify({ keysets: example.keySets }).replaceAll(/^/gm, '-- ')
        await writeFile(kept, `${config}\n${example.ddl};\n${example.inserts};\n`)
        throw new Error(`see ${kept}`, { cause: error })
      }
    }

    const checkOne = async (example: FixExample) => {
      await database.script(
        `DROP DATABASE IF EXISTS ${archive}; DROP DATABASE ${database.name}; CREATE DATABASE ${database.name}; USE ${database.name}; ${example.ddl}; ${example.inserts}`,
      )
      const expected = modelFix(example)
      const before = await state(database)
      const keySets = await keySetsOf(example)
      const { fix, up, down } = await planFor(database.url, keySets, {
        archive,
        limits: { maxSurplus: 1, maxGroup: 1000 },
      })
      expect(fix.refused).toEqual([])
      const why = JSON.stringify(fix.undecided.map(({ keySet, problems }) => [keySet, problems]))
      expect(fix.undecided.map(({ keySet }) => keySet).sort(), why).toEqual([...expected.undecided].sort())
      expect([...fix.fixed, ...fix.protected].sort()).toEqual([...expected.fixed].sort())
      expect(await state(database)).toEqual(before)
      if (fix.plan === null) return
      expect(await run(up)).toBe('')
      const after = await readMysqlTables((sql) => database.query<Row>(sql), example)
      for (const [name, { rows }] of expected.tables) expect(after.get(name), name).toEqual(ordered(rows))
      const { plan } = fix
      for (const at of archivedTables(plan)) {
        const [{ removed } = { removed: -1 }] = await database.query<{ removed: number }>(
          `SELECT COUNT(*) AS removed FROM ${archiveOf(plan, at)} WHERE goc_state = 'removed'`,
        )
        const name = plan.tables[at]?.name ?? ''
        expect([name, removed]).toEqual([name, expected.tables.get(name)?.removed.length])
      }
      const audit = await scanUrl(database.url, keySets)
      for (const { resolved, verdict, duplicates } of audit.keySets) {
        if (!fix.fixed.includes(resolved.id)) continue
        expect([resolved.id, verdict.protection, duplicates.counted && duplicates.groups]).toEqual([
          resolved.id,
          'full',
          0,
        ])
      }
      expect(await run(down)).toBe('')
      expect(await state(database)).toEqual(before)
    }

    test('up gives what the model says, and down gives everything back', { timeout: 3_600_000 }, async () => {
      await fc.assert(fc.asyncProperty(fixExamples({ nulls: true, writer: mysqlWriter }), check), {
        numRuns: server.kind === 'mysql' ? most : few,
        seed,
        ...(path === undefined ? {} : { path }),
        endOnFailure: process.env.GOC_AUDIT_TEST_SHRINK === undefined,
      })
    })
  },
  { atOnce: true },
)
