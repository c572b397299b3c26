import { mergeGroup } from './fix-model-merge.js'
import {
  isSameList,
  type ModelKey,
  type ModelPlan,
  type ModelTable,
  parentOf,
  tableOf,
  valuesOf,
} from './fix-model-plan.js'
import type { Reference, Row } from './fix-schema.js'
import { generate } from './fix-values.js'

/** What has become of a row; rows are known by their position in their table. */
export interface Fate {
  /** The row that it is merged into; its own position if it stays. */
  into: number
  /** The keys by which it was merged. */
  readonly keys: Set<ModelKey>
  /** Ids of the key sets because of which it was merged. */
  readonly causes: Set<string>
}

/** By table, for each of its rows. */
export type Fates = ReadonlyMap<string, readonly Fate[]>

export type RowsByTable = ReadonlyMap<string, readonly Row[]>

export interface Effective {
  /** Each row with its references as they will be. */
  readonly moved: RowsByTable
  /** And survivors with what is merged from their groups. */
  readonly now: RowsByTable
}

export const fatesOf = (fates: Fates, { name }: Pick<ModelTable, 'name'>): readonly Fate[] => fates.get(name) ?? []

export const rowsOf = (rows: RowsByTable, { name }: Pick<ModelTable, 'name'>): readonly Row[] => rows.get(name) ?? []

/** The survivor and then its losers, as they come. */
export function groupOf(fates: Fates, table: ModelTable, survivor: number): number[] {
  const losers = fatesOf(fates, table).flatMap(({ into }, at) => (into === survivor && at !== survivor ? [at] : []))
  return [survivor, ...losers]
}

/** What a reference looks for may itself change, by references or by merging, so this goes on until nothing does. */
export function effective(plan: ModelPlan, fates: Fates): Effective {
  const raw: RowsByTable = new Map(plan.tables.map(({ name, rows }) => [name, rows]))
  let last: Effective = { moved: raw, now: raw }
  for (let round = 0; round < 100; round += 1) {
    const next = approach(plan, fates, last.now)
    if (isSame(plan, next.now, last.now)) return next
    last = next
  }
  throw new Error('Two references want different things of one column.')
}

function isSame({ tables }: ModelPlan, one: RowsByTable, other: RowsByTable): boolean {
  return tables.every((table) => {
    const [rows, others] = [rowsOf(one, table), rowsOf(other, table)]
    return rows.every((row, at) => table.columns.every(({ name }) => row[name] === others[at]?.[name]))
  })
}

function approach(plan: ModelPlan, fates: Fates, last: RowsByTable): Effective {
  const context = { plan, fates, rows: last }
  const moved = new Map(plan.tables.map((table) => [table.name, table.rows.map((row) => repoint(context, table, row))]))
  const now = new Map(
    plan.tables.map((table) => {
      const rows = rowsOf(moved, table)
      const keys = (at: number) => fatesOf(fates, table)[at]?.keys ?? new Set<ModelKey>()
      return [table.name, rows.map((_, at) => mergeGroup(plan, table, groupOf(fates, table, at), rows, keys))]
    }),
  )
  return { moved, now }
}

interface Context {
  readonly plan: ModelPlan
  readonly fates: Fates
  /** As they will be, as far as is known. */
  readonly rows: RowsByTable
}

function repoint(context: Context, table: ModelTable, raw: Row): Row {
  const moved = { ...raw }
  for (const reference of table.references) {
    const values = changeOf(context, reference, raw)?.values
    for (const [at, value] of values?.entries() ?? []) moved[reference.columns[at] as string] = value
  }
  for (const reference of table.references) {
    if (!isOwnParent(reference, moved) || isOwnParent(reference, raw)) continue
    for (const column of nullableIn(table, reference)) moved[column] = null
  }
  return generate(table, moved)
}

/** What a row's reference must become, and which rows it means; null where it stays. */
export function changeOf({ plan, fates, rows }: Context, reference: Reference, raw: Row) {
  const parent = tableOf(plan, reference.parent)
  const at = parentOf(plan, reference, raw)
  const fate = at === null ? undefined : fatesOf(fates, parent)[at]
  if (at === null || fate === undefined) return null
  const before = valuesOf(parent.rows[at] as Row, reference.targets)
  const values = valuesOf(rowsOf(rows, parent)[fate.into] as Row, reference.targets)
  return isSameList(before, values) ? null : { parent, fate, values }
}

function isOwnParent({ table, parent, columns, targets }: Reference, row: Row): boolean {
  const values = valuesOf(row, columns)
  return table === parent && !values.includes(null) && isSameList(values, valuesOf(row, targets))
}

function nullableIn({ columns, primaryKey }: ModelTable, reference: Reference): string[] {
  return reference.columns.filter(
    (name) => !primaryKey.includes(name) && columns.some((column) => column.name === name && !column.notNull),
  )
}
