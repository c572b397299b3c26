import type { MergePolicy } from '../../src/model/keyset.js'
import { type ModelKey, type ModelPlan, type ModelTable, parentOf, tableOf } from './fix-model-plan.js'
import type { Ordering, Row, Survivor } from './fix-schema.js'
import { compareValues, generate, isSame, sumOf, typeOf } from './fix-values.js'

/**
 * The first row of a group (positions in `rows`) with what is merged into it. The others are taken in the survivor
 * order of the first of the table's keys that made the group.
 */
export function mergeGroup(
  plan: ModelPlan,
  table: ModelTable,
  [survivor = -1, ...losers]: readonly number[],
  rows: readonly Row[],
  keysOf: (at: number) => ReadonlySet<ModelKey>,
): Row {
  const row = rows[survivor] as Row
  if (losers.length === 0) return row
  const key = table.keys.find((each) => losers.some((at) => keysOf(at).has(each)))
  const group = [survivor, ...losers.sort(survivorOrder(plan, table, key?.survivor ?? 'oldest', rows))]
  const merged = table.merge.map(([column, policy]) => [
    column,
    policy === 'latest'
      ? rows[latestIn(table, group)]?.[column]
      : mergeValues(
          table,
          column,
          policy,
          group.flatMap((at) => rows[at]?.[column] ?? []),
        ),
  ])
  return generate(table, { ...row, ...Object.fromEntries(merged) })
}

function mergeValues(table: ModelTable, column: string, policy: MergePolicy, values: readonly string[]): string | null {
  const type = typeOf(table, column)
  if (values.length === 0) return null
  switch (policy) {
    case 'min':
      return values.reduce((a, b) => (compareValues(type, b, a) < 0 ? b : a))
    case 'max':
      return values.reduce((a, b) => (compareValues(type, b, a) > 0 ? b : a))
    case 'sum':
      return sumOf(values)
    case 'or':
      return String(values.includes('true'))
    case 'and':
      return String(!values.includes('false'))
    case 'concat':
      return [...new Set(values)].join('\n')
    default:
      return values[0] ?? null
  }
}

function latestIn(table: ModelTable, group: readonly number[]): number {
  const { stamp, primaryKey, rows } = table
  const stamps: Ordering[] = stamp === null ? [] : [{ column: stamp, descending: true, nulls: 'last' }]
  const ties = primaryKey.map((column): Ordering => ({ column, descending: true }))
  const [latest = -1] = [...group].sort((a, b) => compareBy(table, [...stamps, ...ties], rows, a, b))
  return latest
}

/**
 * Compares positions in `rows`: the best survivor first. The primary key is that of the rows as they were: where it
 * consists of references, the rows of a group will have the same.
 */
export function survivorOrder(plan: ModelPlan, table: ModelTable, survivor: Survivor, rows: readonly Row[]) {
  const byKey = table.primaryKey.map((column): Ordering => ({ column, descending: survivor === 'newest' }))
  const held = heldColumns(plan, table)
  // A row that others refer to by something that stays: were it removed, ON DELETE would act on the survivor's children.
  const moves = (at: number) => Number(held.some((column) => rows[at]?.[column] !== table.rows[at]?.[column]))
  return (a: number, b: number): number =>
    moves(a) - moves(b) ||
    compareAsSurvivors(plan, table, survivor, rows, a, b) ||
    compareBy(table, byKey, table.rows, a, b)
}

/** Columns by which others refer to the rows, and which may change though a row stays. */
function heldColumns({ references }: ModelPlan, { name, references: own, merge }: ModelTable): string[] {
  const changing = [...own.flatMap(({ columns }) => columns), ...merge.map(([column]) => column)]
  return references
    .filter(({ parent, targets }) => parent === name && targets.some((column) => changing.includes(column)))
    .flatMap(({ targets }) => targets)
}

function compareAsSurvivors(
  plan: ModelPlan,
  table: ModelTable,
  survivor: Survivor,
  rows: readonly Row[],
  a: number,
  b: number,
): number {
  if (survivor === 'oldest' || survivor === 'newest') return 0
  if (survivor === 'most-complete') return nullsIn(table, rows[a]) - nullsIn(table, rows[b])
  if (survivor === 'most-referenced') return referrersOf(plan, table, b) - referrersOf(plan, table, a)
  return compareBy(table, survivor, rows, a, b)
}

const nullsIn = ({ columns }: ModelTable, row: Row | undefined): number =>
  columns.filter(({ name }) => (row?.[name] ?? null) === null).length

/** How many rows refer to the row as they were. */
function referrersOf(plan: ModelPlan, { name }: ModelTable, at: number): number {
  return plan.references
    .filter(({ parent }) => parent === name)
    .flatMap((reference) => tableOf(plan, reference.table).rows.filter((row) => parentOf(plan, reference, row) === at))
    .length
}

function compareBy(table: ModelTable, order: readonly Ordering[], rows: readonly Row[], a: number, b: number): number {
  for (const ordering of order) {
    const found = compareIn(table, ordering, rows[a] ?? {}, rows[b] ?? {})
    if (found !== 0) return found
  }
  return 0
}

function compareIn(table: ModelTable, { column, descending, nulls }: Ordering, one: Row, other: Row): number {
  if (isSame(table, column, one, other)) return 0
  const [a, b] = [one[column] ?? null, other[column] ?? null]
  const nullsLast = (nulls ?? (descending ? 'first' : 'last')) === 'last'
  if (a === null || b === null) return (a === null) === nullsLast ? 1 : -1
  return compareValues(typeOf(table, column), a, b) * (descending ? -1 : 1)
}
