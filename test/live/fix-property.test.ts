import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/index.js'
import { archivedTables, archiveOf } from '../../src/dialects/postgres/fix/archive.js'
import { type Database, openDatabase, type Row } from '../support/database.js'
import { planFor, run } from '../support/fix.js'
import { type FixExample, fixExamples, ordered, readTables } from '../support/fix-examples.js'
import { modelFix } from '../support/fix-model.js'
import { scanUrl } from '../support/scan.js'
import { anyPostgres, forEachPostgres } from '../support/servers.js'

/** Runs on the newest server, and on each other one. */
const [most, few] = [Number(process.env.GOC_AUDIT_FIX_RUNS ?? 200), Number(process.env.GOC_AUDIT_FIX_RUNS_EACH ?? 12)]
const seed = Number(process.env.GOC_AUDIT_TEST_SEED ?? 1)
const path = process.env.GOC_AUDIT_TEST_PATH

/** Every row in the order of its text, and every definition. */
async function state(database: Database): Promise<unknown> {
  const tables = await database.query<{ name: string }>(
    "SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1",
  )
  const rows: Row[][] = []
  for (const { name } of tables) rows.push(await database.query(`SELECT t::text AS row FROM ${name} AS t ORDER BY 1`))
  const indexes = await database.query("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
  const constraints = await database.query(
    "SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
  )
  return { tables, rows, indexes, constraints }
}

forEachPostgres(
  (server) => {
    let database: Database
    let folder: string
    beforeAll(async () => {
      database = await openDatabase(server)
      folder = await mkdtemp(join(tmpdir(), 'goc-audit-fix-'))
    })
    afterAll(async () => {
      await database?.drop()
      await rm(folder, { recursive: true, force: true })
    })

    const keySetsOf = async (example: FixExample) => {
      await writeFile(join(folder, '.goc-audit.yml'), stringify({ keysets: example.keySets }))
      return (await loadConfig({ cwd: folder, env: {} })).keySets
    }

    /** A failing example is kept as SQL, to be looked at and made a case of. */
    const check = async (example: FixExample) => {
      try {
        await checkOne(example)
      } catch (error) {
        const kept = join(tmpdir(), `goc-audit-fix-${server.version}.sql`)
        const config = stringify({ keysets: example.keySets }).replaceAll(/^/gm, '-- ')
        await writeFile(kept, `${config}\n${example.ddl};\n${example.inserts}\n`)
        throw new Error(`see ${kept}`, { cause: error })
      }
    }

    const checkOne = async (example: FixExample) => {
      await database.script(
        `DROP SCHEMA IF EXISTS goc_audit CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${example.ddl}; ${example.inserts}`,
      )
      const expected = modelFix(example)
      const before = await state(database)
      const keySets = await keySetsOf(example)
      const { fix, up, down } = await planFor(database.url, keySets, {
        limits: { maxSurplus: 1, maxGroup: 1000 },
      })
      expect(fix.refused).toEqual([])
      const why = JSON.stringify(fix.undecided.map(({ keySet, problems }) => [keySet, problems]))
      expect(fix.undecided.map(({ keySet }) => keySet).sort(), why).toEqual([...expected.undecided].sort())
      expect([...fix.fixed, ...fix.protected].sort()).toEqual([...expected.fixed].sort())
      expect(await state(database)).toEqual(before)
      if (fix.plan === null) return
      expect(await run(database, up)).toBe('')
      const after = await readTables(database.query, example)
      for (const [name, { rows }] of expected.tables) expect(after.get(name), name).toEqual(ordered(rows))
      const { plan } = fix
      for (const at of archivedTables(plan)) {
        const [{ removed } = { removed: -1 }] = await database.query<{ removed: number }>(
          `SELECT count(*)::int AS removed FROM ${archiveOf(plan, at)} WHERE goc_state = 'removed'`,
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
      expect(await run(database, down)).toBe('')
      expect(await state(database)).toEqual(before)
    }

    test('up gives what the model says, and down gives everything back', { timeout: 3_600_000 }, async () => {
      const numRuns = server.label === anyPostgres().label ? most : few
      await fc.assert(fc.asyncProperty(fixExamples({ nulls: server.version >= 15 }), check), {
        numRuns,
        seed,
        ...(path === undefined ? {} : { path }),
        endOnFailure: process.env.GOC_AUDIT_TEST_SHRINK === undefined,
      })
    })
  },
  { pglite: false, atOnce: true },
)
