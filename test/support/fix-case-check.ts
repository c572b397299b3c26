import { join } from 'node:path'
import { expect } from 'vitest'
import { scan } from '../../src/audit/scan.js'
import { loadConfig } from '../../src/config/index.js'
import type { Session } from '../../src/dialects/dialect.js'
import type { KeySet } from '../../src/model/keyset.js'
import type { PlanTable } from '../../src/model/plan.js'
import { type Fixed, planWith } from './fix.js'
import { type FixCase, linesOf } from './fix-case.js'
import type { State } from './fix-state.js'

type States = { readonly application: State; readonly archive: State }

/** Where cases are tried: a database, and what is different about it. */
export interface Ground {
  readonly session: Session
  /** Null: what the case's configuration says. */
  readonly archive: string | null
  /** From an empty database on. */
  load(one: FixCase): Promise<void>
  /** What happens between the plan and up. */
  meanwhile(sql: string): Promise<string>
  /** A file; its error, or nothing. */
  run(sql: string): Promise<string>
  stateOf(): Promise<States>
  /** The table's name among a state's. */
  nameOf(table: PlanTable): Promise<string>
  /** Whether up may have added it without a word in expected.yml. */
  isOurs(definition: string): boolean
  /** Whether the plan says it of every table on this server. */
  isUsual(warning: string): boolean
  /** The way back takes the indexes away first, for good, and up brings them back. */
  readonly commitsIndexes: boolean
  /** After a failure: what may be there that wasn't before. */
  withoutRemains(state: States, before: States): States
}

/** Plans a case and runs the files of its plan: up, up again, down, down again, up, cleanup, cleanup again, down. */
export async function checkCase(ground: Ground, one: FixCase): Promise<void> {
  const { expected, folder } = one
  await ground.load(one)
  const { keySets, archive } = await loadConfig({ cwd: folder, file: join(folder, 'config.yml'), env: {} })
  const limits = { maxSurplus: null, maxGroup: 1000, ...expected.limits }
  const plan = () => planWith(ground.session, keySets, { archive: ground.archive ?? archive.schema, limits })
  if (expected.impossible !== undefined) return expect(plan()).rejects.toThrow(expected.impossible)
  const planned = await plan()
  expectPlan(ground, planned, one)
  const { fix, up, down, cleanup } = planned
  if (one.meanwhile !== null) expect(await ground.meanwhile(one.meanwhile)).toBe('')
  const whole = await ground.stateOf()
  const before = whole.application
  if (fix.plan === null) return

  const outcome = await ground.run(up)
  if (expected.fails === undefined) expect(outcome).toBe('')
  else expect(outcome).toContain(expected.fails)
  if (expected.fails !== undefined || expected.idle === true) {
    const now = await ground.stateOf()
    expect(expected.idle === true ? now : ground.withoutRemains(now, whole)).toEqual(whole)
    return
  }
  const merged = await ground.stateOf()
  expect(merged.application.rows).toEqual(withRows(before, expected.rows))
  expectDefinitions(ground, before, merged.application, one)
  if (one.meanwhile === null) await expectRehearsed(ground, planned, before, merged.application)
  await expectProtected(ground, keySets, fix.fixed)

  expect(await ground.run(up)).toBe('')
  expect(await ground.stateOf()).toEqual(merged)

  if (expected.downFails !== undefined) {
    expect(await ground.run(down)).toContain(expected.downFails)
    if (ground.commitsIndexes) {
      expect((await ground.stateOf()).application.rows).toEqual(merged.application.rows)
      expect(await ground.run(up)).toBe('')
    }
    expect(await ground.stateOf()).toEqual(merged)
    return
  }
  const restored = {
    rows: withRows(before, expected.down),
    definitions: before.definitions.filter((each) => !isOneOf(each, expected.drops)),
  }
  expect(await ground.run(down)).toBe('')
  expect((await ground.stateOf()).application).toEqual(restored)
  expect(await ground.run(down)).toBe('')
  expect((await ground.stateOf()).application).toEqual(restored)
  if (expected.down !== undefined) return

  expect(await ground.run(up)).toBe('')
  for (const file of [cleanup, cleanup, down]) expect(await ground.run(file)).toBe('')
  const [final, kept] = [await ground.stateOf(), before.definitions.filter((each) => isOneOf(each, expected.replaces))]
  // What the way back has made by a statement of its own doesn't go by itself again.
  const definitions = [...new Set([...merged.application.definitions, ...kept])].sort()
  expect({ ...final.application, definitions: [...final.application.definitions].sort() }).toEqual({
    ...merged.application,
    definitions,
  })
  expect(final.archive).toEqual(whole.archive)
}

function expectPlan({ isUsual }: Ground, { fix }: Fixed, { expected }: FixCase): void {
  const undecided = fix.undecided.map(({ keySet, groups, problems }) => [
    keySet,
    [...groups.map(({ table, columns }) => `${table} differs in ${columns.join(', ')}`), ...problems].join('\n'),
  ])
  expectTexts(Object.fromEntries(undecided), expected.undecided)
  const refused = fix.refused.map(({ keySet, reason, advice }) => [keySet, `${reason}\n${advice}`])
  expectTexts(Object.fromEntries(refused), expected.refused)
  expect(fix.protected).toEqual(expected.protected ?? [])
  const warnings = fix.warnings.filter((text) => !isUsual(text))
  expect(warnings).toEqual((expected.warnings ?? []).map((text) => expect.stringContaining(text)))
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
function expectDefinitions({ isOurs }: Ground, before: State, after: State, { expected }: FixCase): void {
  const dropped = before.definitions.filter((each) => !after.definitions.includes(each))
  const told = [...(expected.drops ?? []), ...(expected.replaces ?? [])]
  expect(dropped.filter((each) => !isOneOf(each, told))).toEqual([])
  expect(told.filter((text) => !dropped.some((each) => each.includes(text)))).toEqual([])
  const added = after.definitions.filter((each) => !before.definitions.includes(each))
  if (expected.builds === undefined) expect(added.filter((each) => !isOurs(each))).toEqual([])
  else expect(added).toEqual(expected.builds.map((text) => expect.stringContaining(text)))
}

const isOneOf = (definition: string, texts: readonly string[] = []): boolean =>
  texts.some((text) => definition.includes(text))

/** The dry plan foretold what has happened. */
async function expectRehearsed(ground: Ground, { fix }: Fixed, before: State, after: State): Promise<void> {
  const { plan, rehearsal } = fix
  const names: string[] = []
  for (const table of plan?.tables ?? []) names.push(await ground.nameOf(table))
  const foretold = rehearsal?.tables.map(({ rows, surplusRows }, at) => [names[at], rows, surplusRows])
  const happened = names.map((name) => {
    const [old, now] = [before.rows[name]?.length ?? 0, after.rows[name]?.length ?? 0]
    return [name, old, old - now]
  })
  expect(foretold).toEqual(happened)
}

async function expectProtected(ground: Ground, keySets: readonly KeySet[], ids: readonly string[]): Promise<void> {
  const count = { exists: false, samples: 0, budget: null }
  const audit = await scan({
    session: ground.session,
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
