/**
 * Every folder of test/fix-cases/postgres: its schema.sql is loaded, its config.yml planned, and the files of the plan are run:
 * up, up again, down, down again, up, cleanup, cleanup again, down. expected.yml says what is in the tables after up, and
 * what else is out of the usual: see test/support/fix-case.ts. meanwhile.sql runs between the plan and up.
 * The oldest and the newest server and PGlite run every case; those between share them out, since their versions differ in
 * little that a case could show (GOC_AUDIT_FIX_CASES=all: every case on each). Cases for some versions only run on each.
 * A statement of schema.sql after a line `-- alone` is run by itself, after `-- fails` by itself and has to fail.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scan } from '../../src/audit/scan.js'
import { loadConfig } from '../../src/config/index.js'
import { relationOf } from '../../src/dialects/postgres/fix/names.js'
import { quoteLiteral } from '../../src/dialects/postgres/sql-text.js'
import type { KeySet } from '../../src/model/keyset.js'
import { type Fixed, planWith } from '../support/fix.js'
import { type Bench, openBench } from '../support/fix-bench.js'
import { type FixCase, fixCases, linesOf, runsOn } from '../support/fix-case.js'
import { type State, stateOf } from '../support/fix-state.js'
import { forEachPostgres, type Server, servers } from '../support/servers.js'

const cases = fixCases()

forEachPostgres(
  (server) => {
    let bench: Bench
    beforeAll(async () => {
      bench = await openBench(server)
    })
    afterAll(() => bench?.close())

    const own = cases.filter((each, at) => runsOn(each, server) && (isWhole(server) || isShare(each, at, server)))
    for (const one of own) test.sequential(one.name, () => check(bench, one))
  },
  { atOnce: true },
)

function isWhole({ kind, version }: Server): boolean {
  const versions = servers({ pglite: false }).map((each) => each.version)
  const between = version > Math.min(...versions) && version < Math.max(...versions)
  return kind === 'pglite' || !between || process.env.GOC_AUDIT_FIX_CASES === 'all'
}

const isShare = ({ expected: { from, to } }: FixCase, at: number, { version }: Server): boolean =>
  from !== undefined || to !== undefined || at % 3 === version % 3

async function check(bench: Bench, one: FixCase): Promise<void> {
  const { expected, folder } = one
  await load(bench, one.schema)
  const { keySets, archive } = await loadConfig({ cwd: folder, file: join(folder, 'config.yml'), env: {} })
  const limits = { maxSurplus: null, maxGroup: 1000, ...expected.limits }
  const plan = () => planWith(bench.session, keySets, { archive: archive.schema, limits })
  if (expected.impossible !== undefined) return expect(plan()).rejects.toThrow(expected.impossible)
  const planned = await plan()
  expectPlan(planned, one)
  const { fix, up, down, cleanup } = planned
  if (one.meanwhile !== null) expect(await bench.run(one.meanwhile)).toBe('')
  const whole = await stateOf(bench)
  const before = whole.application
  if (fix.plan === null) return

  const outcome = await bench.run(up)
  if (expected.fails === undefined) expect(outcome).toBe('')
  else expect(outcome).toContain(expected.fails)
  if (expected.fails !== undefined || expected.idle === true) {
    expect(await stateOf(bench)).toEqual(whole)
    return
  }
  const merged = await stateOf(bench)
  expect(merged.application.rows).toEqual(withRows(before, expected.rows))
  expectDefinitions(before, merged.application, one)
  if (one.meanwhile === null) await expectRehearsed(bench, planned, before, merged.application)
  await expectProtected(bench, keySets, fix.fixed)

  expect(await bench.run(up)).toBe('')
  expect(await stateOf(bench)).toEqual(merged)

  if (expected.downFails !== undefined) {
    expect(await bench.run(down)).toContain(expected.downFails)
    expect(await stateOf(bench)).toEqual(merged)
    return
  }
  const restored = {
    rows: withRows(before, expected.down),
    definitions: before.definitions.filter((each) => !isOneOf(each, expected.drops)),
  }
  expect(await bench.run(down)).toBe('')
  expect((await stateOf(bench)).application).toEqual(restored)
  expect(await bench.run(down)).toBe('')
  expect((await stateOf(bench)).application).toEqual(restored)
  if (expected.down !== undefined) return

  expect(await bench.run(up)).toBe('')
  for (const file of [cleanup, cleanup, down]) expect(await bench.run(file)).toBe('')
  expect(await stateOf(bench)).toEqual({ ...whole, application: merged.application })
}

/** From an empty database on. */
async function load(bench: Bench, schema: string): Promise<void> {
  const [first = '', ...alone] = schema.split(/^-- (?=alone$|fails$)/m)
  expect(await bench.run(EMPTY)).toBe('')
  expect(await bench.run(first)).toBe('')
  for (const step of alone) {
    const [kind, ...lines] = step.split('\n')
    const outcome = await bench.run(lines.join('\n'))
    if (kind === 'fails') expect(outcome).not.toBe('')
    else expect(outcome).toBe('')
  }
}

const EMPTY = `
  ROLLBACK;
  RESET ALL;
  SET TimeZone = 'UTC';
  SET client_min_messages = 'error';
  DO $$DECLARE one record; BEGIN
    FOR one IN SELECT pubname FROM pg_publication LOOP
      EXECUTE format('DROP PUBLICATION %I', one.pubname);
    END LOOP;
    FOR one IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', one.nspname);
    END LOOP;
  END$$;
  CREATE SCHEMA public;`

function expectPlan({ fix }: Fixed, { expected }: FixCase): void {
  const undecided = fix.undecided.map(({ keySet, groups, problems }) => [
    keySet,
    [...groups.map(({ table, columns }) => `${table} differs in ${columns.join(', ')}`), ...problems].join('\n'),
  ])
  expectTexts(Object.fromEntries(undecided), expected.undecided)
  const refused = fix.refused.map(({ keySet, reason, advice }) => [keySet, `${reason}\n${advice}`])
  expectTexts(Object.fromEntries(refused), expected.refused)
  expect(fix.protected).toEqual(expected.protected ?? [])
  expect(fix.warnings).toEqual((expected.warnings ?? []).map((text) => expect.stringContaining(text)))
  const suspected = fix.suspected.map(({ schema, table, column }) => `${schema}.${table}.${column}`)
  expect(suspected).toEqual(expected.suspected ?? [])
}

/** The same names, and each text contains what is expected of it. */
function expectTexts(
  found: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>> | undefined,
): void {
  const containing = Object.entries(expected ?? {}).map(([name, text]) => [name, expect.stringContaining(text)])
  expect(found).toEqual(Object.fromEntries(containing))
}

/** `rows` in place of what these tables held. */
function withRows(state: State, rows: Readonly<Record<string, string>> | undefined): State['rows'] {
  const changed = Object.entries(rows ?? {}).map(([table, text]) => {
    expect(Object.keys(state.rows)).toContain(table)
    return [table, linesOf(text).sort()]
  })
  return { ...state.rows, ...Object.fromEntries(changed) }
}

/** Whatever was there is there, and beside it only what makes the keys unique. */
function expectDefinitions(before: State, after: State, { expected }: FixCase): void {
  const dropped = before.definitions.filter((each) => !after.definitions.includes(each))
  expect(dropped.filter((each) => !isOneOf(each, expected.drops))).toEqual([])
  const added = after.definitions.filter((each) => !before.definitions.includes(each))
  if (expected.builds === undefined) expect(added.filter((each) => !/\buq_/.test(each))).toEqual([])
  else expect(added).toEqual(expected.builds.map((text) => expect.stringContaining(text)))
}

const isOneOf = (definition: string, texts: readonly string[] = []): boolean =>
  texts.some((text) => definition.includes(text))

/** The dry plan foretold what has happened. */
async function expectRehearsed(bench: Bench, { fix }: Fixed, before: State, after: State): Promise<void> {
  const { plan, rehearsal } = fix
  const names: string[] = []
  for (const table of plan?.tables ?? []) {
    const [row] = await bench.query<{ name: string }>(
      `SELECT to_regclass(${quoteLiteral(relationOf(table))})::text AS name`,
    )
    names.push(row?.name ?? '')
  }
  const foretold = rehearsal?.tables.map(({ rows, surplusRows }, at) => [names[at], rows, surplusRows])
  const happened = names.map((name) => {
    const [old, now] = [before.rows[name]?.length ?? 0, after.rows[name]?.length ?? 0]
    return [name, old, old - now]
  })
  expect(foretold).toEqual(happened)
}

async function expectProtected(bench: Bench, keySets: readonly KeySet[], ids: readonly string[]): Promise<void> {
  const count = { exists: false, samples: 0, budget: null }
  const audit = await scan({
    session: bench.session,
    keySets,
    only: [],
    ignores: [],
    count,
    today: '2026-01-01',
  })
  expect(audit.failures).toEqual([])
  const found = audit.keySets
    .filter(({ resolved }) => ids.includes(resolved.id))
    .map(({ resolved, verdict, duplicates }) => [
      resolved.id,
      verdict.protection,
      duplicates.counted ? duplicates.groups : duplicates.reason,
    ])
  expect(found).toEqual(ids.map((id) => [id, 'full', 0]))
}
