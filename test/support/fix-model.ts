import { isDeepStrictEqual } from 'node:util'
import { isQuestionable } from './fix-model-doubts.js'
import { survivorOrder } from './fix-model-merge.js'
import { type ModelKey, type ModelPlan, type ModelTable, planOf } from './fix-model-plan.js'
import {
  changeOf,
  type Effective,
  effective,
  type Fate,
  type Fates,
  fatesOf,
  groupOf,
  type RowsByTable,
  rowsOf,
} from './fix-model-rows.js'
import { type FixInput, meets, type Row } from './fix-schema.js'
import { isSame, keyOf } from './fix-values.js'

export interface FixedTable {
  /** As they are afterwards. */
  readonly rows: readonly Row[]
  /** Both as they were. */
  readonly removed: readonly { readonly row: Row; readonly survivor: Row }[]
  readonly changed: readonly { readonly before: Row; readonly after: Row }[]
}

export interface FixResult {
  readonly tables: ReadonlyMap<string, FixedTable>
  /** Ids of the key sets that are left out because rows of their groups differ. */
  readonly undecided: readonly string[]
  readonly fixed: readonly string[]
  /** It is open whether a fix should do this, or which of several causes of a divergent group it should leave out. */
  readonly doubtful: boolean
}

/** What a fix does to the rows, worked out in memory. */
export function modelFix(input: FixInput): FixResult {
  const undecided = new Set<string>()
  let doubtful = false
  for (;;) {
    const plan = planOf(input, undecided)
    const fates = mergeRows(plan)
    const rows = effective(plan, fates)
    const causes = plan.tables.flatMap((table) => divergentGroups(table, fates, rows.moved))
    doubtful ||= causes.some((ids) => ids.size > 1) || isQuestionable(plan, fates, rows.now)
    if (causes.length === 0) {
      const tables = new Map(plan.tables.map((table) => [table.name, resultOf(table, fates, rows.now)]))
      const fixed = input.declared.map(({ id }) => id).filter((id) => !undecided.has(id))
      return { tables, undecided: [...undecided], fixed, doubtful }
    }
    const known = undecided.size
    for (const id of causes.flatMap((ids) => [...ids])) undecided.add(id)
    if (undecided.size === known) throw new Error('No key set caused a divergent group.')
  }
}

/** Rows that meet in a key may make others meet, in this table and in those that refer to it. */
function mergeRows(plan: ModelPlan): Fates {
  const fates: Fates = new Map(
    plan.tables.map(({ name, rows }) => [
      name,
      rows.map((_, at) => ({ into: at, keys: new Set(), causes: new Set() })),
    ]),
  )
  for (let found = true; found; ) {
    found = false
    for (const table of plan.tables) for (const key of table.keys) found = mergeBy(plan, fates, table, key) || found
  }
  return fates
}

function mergeBy(plan: ModelPlan, fates: Fates, table: ModelTable, key: ModelKey): boolean {
  const rows = effective(plan, fates)
  const now = rowsOf(rows.now, table)
  const groups = groupsBy(fates, table, key, now).map((group) => ({
    group: group.sort(survivorOrder(plan, table, key.survivor, now)),
    // Before the first of them is merged: a table may refer to itself.
    causes: key.keySet === null ? causesOf(plan, fates, rows, table, key, group) : [key.keySet],
  }))
  for (const { group, causes } of groups) mergeInto(fatesOf(fates, table), group, key, causes)
  return groups.length > 0
}

/** Positions of rows that are equal by the key, where there are several. */
function groupsBy(fates: Fates, table: ModelTable, key: ModelKey, now: readonly Row[]): number[][] {
  const groups = new Map<string, number[]>()
  for (const [at, row] of now.entries()) {
    const value = keyOf(table, key.parts, key.groupsNulls, row)
    if (value === null || fatesOf(fates, table)[at]?.into !== at || !meets(row, key.where)) continue
    groups.set(value, [...(groups.get(value) ?? []), at])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

function mergeInto(
  fates: readonly Fate[],
  [survivor = -1, ...losers]: readonly number[],
  key: ModelKey,
  causes: readonly string[],
): void {
  for (const fate of fates) {
    if (!losers.includes(fate.into)) continue
    fate.into = survivor
    fate.keys.add(key)
    for (const cause of causes) fate.causes.add(cause)
  }
}

/** The key sets whose merges repointed what now collides. */
function causesOf(
  plan: ModelPlan,
  fates: Fates,
  { now }: Effective,
  table: ModelTable,
  key: ModelKey,
  group: readonly number[],
): string[] {
  const causes = new Set<string>()
  const seen = new Set<string>()
  const look = (from: ModelTable, at: number, columns: readonly string[]): void => {
    const place = JSON.stringify([from.name, at, columns])
    if (seen.has(place)) return
    seen.add(place)
    for (const reference of from.references) {
      if (!reference.columns.some((column) => columns.includes(column))) continue
      const change = changeOf({ plan, fates, rows: now }, reference, from.rows[at] as Row)
      if (change === null) continue
      for (const cause of change.fate.causes) causes.add(cause)
      look(change.parent, change.fate.into, reference.targets)
    }
  }
  for (const at of group) look(table, at, key.columns)
  return [...causes]
}

/** Of each group whose rows differ where they should not: the key sets that caused it. */
function divergentGroups(table: ModelTable, fates: Fates, moved: RowsByTable): Set<string>[] {
  return table.rows.flatMap((_, survivor) => {
    const [, ...losers] = groupOf(fates, table, survivor)
    const merged = losers.flatMap((at) => fatesOf(fates, table)[at] ?? [])
    const keys = merged.flatMap((fate) => [...fate.keys])
    if (keys.every(({ divergent }) => divergent === 'keep-survivor')) return []
    const compared = keys.flatMap((key) => key.compared)
    const rows = rowsOf(moved, table)
    const agree = losers.every((at) =>
      compared.every((column) => isSame(table, column, rows[survivor] as Row, rows[at] as Row)),
    )
    return agree ? [] : [new Set(merged.flatMap((fate) => [...fate.causes]))]
  })
}

function resultOf(table: ModelTable, fates: Fates, now: RowsByTable): FixedTable {
  const all = table.rows.map((before, at) => ({
    before,
    after: rowsOf(now, table)[at] as Row,
    at,
    into: fatesOf(fates, table)[at]?.into ?? at,
  }))
  const kept = all.filter(({ at, into }) => at === into)
  return {
    rows: kept.map(({ after }) => after),
    removed: all
      .filter(({ at, into }) => at !== into)
      .map(({ before, into }) => ({ row: before, survivor: table.rows[into] as Row })),
    changed: kept
      .filter(({ before, after }) => !isDeepStrictEqual(before, after))
      .map(({ before, after }) => ({ before, after })),
  }
}
