import type { GeneratedColumn, Plan, PlanReference, PlanTable } from '../../../model/plan.js'
import { identifier } from '../sql-text.js'

/** Names of the temporary objects of a run, by the table's position in the plan. */
export const mapOf = (table: number): string => `goc_map_${table}`
export const mergedOf = (table: number): string => `goc_merged_${table}`
export const baseOf = (table: number): string => `goc_base_${table}`
export const nowOf = (table: number): string => `goc_now_${table}`
export const changedOf = (table: number): string => `goc_changed_${table}`
export const movedOf = (target: number): string => `goc_moved_${target}`
export const moveOf = (target: number): string => `goc_move_${target}`

/** Columns of a table that views also show as they are before anything moves: what rows are known by. */
export function rawColumns({ tables, references }: Pick<Plan, 'tables' | 'references'>, at: number): string[] {
  const targets = references.flatMap(({ to, targets: columns }) => (to === at ? columns : []))
  return [...new Set([...(tables[at]?.primaryKey ?? []), ...targets])]
}

/** The name under which they do. */
export function rawName(plan: Pick<Plan, 'tables' | 'references'>, at: number, column: string): string {
  return `goc_p${rawColumns(plan, at).indexOf(column)}`
}

/** In views: because of which key set the row's n-th reference is repointed, or its values are merged; NULL where not. */
export const causeOf = (reference: number): string => `goc_c${reference}`
export const mergeCause = 'goc_cm'

/** These columns, and those that they are computed from. */
export function withSources(table: PlanTable | undefined, columns: readonly string[]): string[] {
  const computed = table?.generated.filter(({ name }) => columns.includes(name)) ?? []
  return [...new Set([...columns, ...computed.flatMap(({ from }) => from)])]
}

/** The value of a column that the server will compute, where `value` gives those that it is computed from. */
export function computedSql(table: PlanTable, { name, sql, from }: GeneratedColumn, value: (column: string) => string) {
  const type = table.columns.find((column) => column.name === name)?.type ?? 'text'
  const row = from.map((column) => `${value(column)} AS ${identifier(column)}`).join(', ')
  return `(SELECT (${sql})::${type} FROM (SELECT ${row}) AS goc_row)`
}

/** The least cause of a change in any of these columns. */
export function causeIn(
  plan: Pick<Plan, 'tables' | 'references'>,
  at: number,
  columns: readonly string[],
  alias: string,
): string {
  const own = plan.references.filter(({ from }) => from === at)
  const sources = withSources(plan.tables[at], columns)
  const moved = own.flatMap((reference, n) =>
    reference.columns.some((column) => sources.includes(column)) ? [causeOf(n)] : [],
  )
  const merged = plan.tables[at]?.merge.some(({ column }) => sources.includes(column)) === true ? [mergeCause] : []
  const causes = [...moved, ...merged].map((name) => `${alias}.${name}`)
  if (causes.length < 2) return causes[0] ?? 'NULL::int'
  return `least(${causes.join(', ')})`
}

export const relationOf = ({ schema, name }: Pick<PlanTable, 'schema' | 'name'>): string =>
  `${identifier(schema)}.${identifier(name)}`

/** FROM item, or what UPDATE and DELETE name. */
export const sourceOf = (table: PlanTable): string => `${table.only ? 'ONLY ' : ''}${relationOf(table)}`

/** Columns of a parent by which references find it: one set for all references to the same columns. */
export interface Target {
  readonly at: number
  readonly table: number
  readonly columns: readonly string[]
  /** Its values may change without the row going. */
  readonly changes: boolean
}

export function targetsOf(plan: Pick<Plan, 'tables' | 'references'>): Target[] {
  const found = new Map<string, Target>()
  for (const { to, targets } of plan.references) {
    const id = JSON.stringify([to, targets])
    if (found.has(id)) continue
    const changing = changingColumns(plan, to)
    const changes = targets.some((column) => changing.includes(column))
    found.set(id, { at: found.size, table: to, columns: targets, changes })
  }
  return [...found.values()]
}

/** Columns of a table by which others refer to its rows, and which may change though the row stays. */
export function heldColumns(targets: readonly Target[], at: number): string[] {
  return [...new Set(targets.flatMap(({ table, changes, columns }) => (table === at && changes ? columns : [])))]
}

export function targetOf(targets: readonly Target[], { to, targets: columns }: PlanReference): Target {
  const target = targets.find(
    (each) =>
      each.table === to &&
      each.columns.length === columns.length &&
      each.columns.every((column, at) => column === columns[at]),
  )
  if (target === undefined) throw new Error('a reference without its target')
  return target
}

/** References, merged values, and what is computed from them: the columns that may hold something else afterwards. */
export function changingColumns({ tables, references }: Pick<Plan, 'tables' | 'references'>, at: number): string[] {
  const repointed = references.flatMap(({ from, columns }) => (from === at ? columns : []))
  const merged = tables[at]?.merge.map(({ column }) => column) ?? []
  const names = tables[at]?.columns.map(({ name }) => name) ?? []
  return names.filter((name) =>
    withSources(tables[at], [name]).some(
      (source) => repointed.includes(source) || (canLose(tables[at]) && merged.includes(source)),
    ),
  )
}

export const canLose = (table: PlanTable | undefined): boolean => (table?.keys.length ?? 0) > 0

/** `a = b AND …`, by the row's place in its table. */
export const samePlace = (left: string, right: string, prefix = 'goc'): string =>
  `${left}.goc_oid = ${right}.${prefix}_oid AND ${left}.goc_tid = ${right}.${prefix}_tid`

/** A string constant that no text inside can end. */
export function dollarQuoted(body: string): string {
  let tag = '$goc$'
  for (let n = 1; body.includes(tag); n += 1) tag = `$goc${n}$`
  return `${tag}\n${body}\n${tag}`
}

/** A block in which a name that could be either is a column's, not a variable's. */
export const doBlock = (body: string): string => `DO ${dollarQuoted(`#variable_conflict use_column\n${body}`)}`

export const identifierList = (names: readonly string[]): string => names.map(identifier).join(', ')
