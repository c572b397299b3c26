import type { Plan, PlanReference, PlanTable } from '../../../model/plan.js'
import { identifier } from '../sql-text.js'
import {
  baseOf,
  canLose,
  causeIn,
  causeOf,
  computedSql,
  heldColumns,
  mapOf,
  mergeCause,
  mergedOf,
  movedOf,
  moveOf,
  nowOf,
  rawColumns,
  rawName,
  samePlace,
  sourceOf,
  type Target,
  targetOf,
  targetsOf,
} from './names.js'

/**
 * Temporary tables and views in which the plan is worked out before a row is touched. Rows are known by their place
 * (tableoid and ctid), which nothing can change while the tables are locked, or in a snapshot.
 *
 * - goc_map_N: surplus row → survivor, by which key, because of which key set
 * - goc_merged_N: values of survivors that are made from their group
 * - goc_moved_N: values that references look for → what they must become
 * - goc_base_N: every row with its references as they will be; goc_now_N: with merged values too
 */
export function workObjects(plan: Pick<Plan, 'tables' | 'references'>): string[] {
  const targets = targetsOf(plan)
  const rows = plan.tables.map((_, at) => at).filter((at) => canLose(plan.tables[at]))
  return [
    ...rows.map(
      (at) =>
        `CREATE TEMPORARY TABLE ${mapOf(at)} (goc_oid oid, goc_tid tid, to_oid oid, to_tid tid, goc_key int, goc_cause int, PRIMARY KEY (goc_oid, goc_tid)) ON COMMIT DROP`,
    ),
    ...rows.flatMap((at) => mergedTable(plan.tables[at] as PlanTable, at)),
    ...targets.map((target) => movedTable(plan, target)),
    ...plan.tables.flatMap((table, at) => [baseView(plan, targets, table, at), nowView(plan, table, at)]),
    ...targets.map((target) => moveView(plan, target)),
  ]
}

function mergedTable(table: PlanTable, at: number): string[] {
  if (table.merge.length === 0) return []
  const columns = table.merge.map(({ column }) => identifier(column))
  return [
    `CREATE TEMPORARY TABLE ${mergedOf(at)} ON COMMIT DROP AS
  SELECT tableoid AS goc_oid, ctid AS goc_tid, 0 AS goc_cause, ${columns.join(', ')} FROM ${sourceOf(table)} WITH NO DATA`,
  ]
}

function movedTable({ tables }: Pick<Plan, 'tables'>, { at, table, columns }: Target): string {
  const olds = columns.map((column, n) => `${identifier(column)} AS goc_o${n}`)
  const news = columns.map((column, n) => `${identifier(column)} AS goc_n${n}`)
  return `CREATE TEMPORARY TABLE ${movedOf(at)} ON COMMIT DROP AS
  SELECT ${[...olds, ...news].join(', ')}, 0 AS goc_cause FROM ${sourceOf(tables[table] as PlanTable)} WITH NO DATA`
}

interface Joined {
  readonly reference: PlanReference
  readonly alias: string
  readonly join: string
  /** SQL that says whether the row is repointed by it. */
  readonly moves: string
}

function baseView(
  plan: Pick<Plan, 'tables' | 'references'>,
  targets: readonly Target[],
  table: PlanTable,
  at: number,
): string {
  const own = plan.references.filter(({ from }) => from === at)
  const joined = own.map((reference, n) => join(targets, reference, n))
  const columns = table.columns.map(({ name }) => `${valueSql(table, joined, name)} AS ${identifier(name)}`)
  const wheres = own.flatMap(({ where }, n) => (where === null ? [] : `(${where}\n) AS goc_w${n}`))
  const rows = `SELECT tableoid AS goc_oid, ctid AS goc_tid, ${['*', ...wheres].join(', ')} FROM ${sourceOf(table)}`
  const causes = joined.map(({ alias }, n) => ` ${alias}.goc_cause AS ${causeOf(n)},`).join('')
  const held = heldColumns(targets, at)
  const same = held.map(
    (name) => `t.${identifier(name)}::text IS NOT DISTINCT FROM (${valueSql(table, joined, name)})::text`,
  )
  const stays = held.length === 0 ? '' : ` (${same.join(' AND ')}) AS goc_stays,`
  return `CREATE TEMPORARY VIEW ${baseOf(at)} AS
  SELECT t.goc_oid, t.goc_tid,${causes}${rawValues(plan, at, (column) => `t.${column}`)}${stays}
    ${columns.join(', ')}
  FROM (${rows}) AS t${joined.map(({ join }) => `\n  ${join}`).join('')}`
}

function rawValues(
  plan: Pick<Plan, 'tables' | 'references'>,
  at: number,
  value: (column: string, name: string) => string,
): string {
  return rawColumns(plan, at)
    .map((column) => [identifier(column), rawName(plan, at, column)] as const)
    .map(([column, name]) => ` ${value(column, name)} AS ${name},`)
    .join('')
}

function join(targets: readonly Target[], reference: PlanReference, n: number): Joined {
  const alias = `goc_r${n}`
  const { columns, asText, where } = reference
  const cast = asText ? '::text' : ''
  const equal = columns.map((column, at) => `${alias}.goc_o${at}${cast} = t.${identifier(column)}${cast}`)
  if (where !== null) equal.push(`t.goc_w${n}`)
  return {
    reference,
    alias,
    join: `LEFT JOIN ${movedOf(targetOf(targets, reference).at)} AS ${alias} ON ${equal.join(' AND ')}`,
    moves: `${alias}.goc_cause IS NOT NULL`,
  }
}

/** What a column will hold; of a row that would become its own parent, NULL where it can. */
function valueSql(table: PlanTable, joined: readonly Joined[], name: string): string {
  const computed = table.generated.find((column) => column.name === name)
  const moves = ({ reference }: Joined) => reference.columns.some((column) => computed?.from.includes(column))
  if (computed !== undefined && joined.some(moves))
    return computedSql(table, computed, (column) => valueSql(table, joined, column))
  const parents = joined.filter(({ reference }) => isNulled(table, reference, name))
  const value = movedSql(table, joined, name)
  if (parents.length === 0) return value
  return `CASE ${parents.map((each) => `WHEN ${ownParent(table, joined, each)} THEN NULL`).join(' ')} ELSE ${value} END`
}

/** What the first reference that is repointed says, else what it holds. */
function movedSql(table: PlanTable, joined: readonly Joined[], name: string): string {
  const type = table.columns.find((each) => each.name === name)?.type
  const own = `t.${identifier(name)}`
  const cases = joined.flatMap(({ reference, alias, moves }) => {
    const at = reference.columns.indexOf(name)
    if (at < 0) return []
    return [`WHEN ${moves} THEN ${alias}.goc_n${at}${reference.asText ? `::text::${type}` : ''}`]
  })
  return cases.length === 0 ? own : `CASE ${cases.join(' ')} ELSE ${own} END`
}

/** A row that would become its own parent loses its parent, where it can. */
function isNulled(table: PlanTable, { from, to, columns }: PlanReference, name: string): boolean {
  if (from !== to || !columns.includes(name) || table.primaryKey.includes(name)) return false
  return table.columns.find((column) => column.name === name)?.notNull === false
}

/** It becomes its own parent, and wasn't before. */
function ownParent(table: PlanTable, joined: readonly Joined[], { reference, moves }: Joined): string {
  const pairs = reference.columns.map((column, at) => [column, reference.targets[at] ?? ''] as const)
  const cast = reference.asText ? '::text' : ''
  const then = pairs.map(
    ([column, target]) => `(${movedSql(table, joined, column)})${cast} = (${movedSql(table, joined, target)})${cast}`,
  )
  const now = pairs.map(([column, target]) => `t.${identifier(column)}${cast} = t.${identifier(target)}${cast}`)
  return `${moves} AND ${then.join(' AND ')} AND (${now.join(' AND ')}) IS NOT TRUE`
}

function nowView(plan: Pick<Plan, 'tables' | 'references'>, table: PlanTable, at: number): string {
  if (!canLose(table) || table.merge.length === 0)
    return `CREATE TEMPORARY VIEW ${nowOf(at)} AS SELECT *, NULL::int AS ${mergeCause} FROM ${baseOf(at)}`
  const isMerged = (name: string) => table.merge.some(({ column }) => column === name)
  const columns = table.columns.map(({ name }) => {
    const column = identifier(name)
    const computed = table.generated.find((each) => each.name === name)
    const source = (from: string) => `${isMerged(from) ? 'm' : 'b'}.${identifier(from)}`
    if (!isMerged(name) && !computed?.from.some(isMerged)) return `b.${column}`
    const value = computed === undefined ? source(name) : computedSql(table, computed, source)
    return `CASE WHEN m.goc_tid IS NULL THEN b.${column} ELSE ${value} END AS ${column}`
  })
  const causes = plan.references.filter(({ from }) => from === at).map((_, n) => ` b.${causeOf(n)},`)
  const stays = heldColumns(targetsOf(plan), at).length === 0 ? '' : ' b.goc_stays,'
  return `CREATE TEMPORARY VIEW ${nowOf(at)} AS
  SELECT b.goc_oid, b.goc_tid,${causes.join('')}${rawValues(plan, at, (_, name) => `b.${name}`)}${stays}
    ${columns.join(', ')}, m.goc_cause AS ${mergeCause}
  FROM ${baseOf(at)} AS b LEFT JOIN ${mergedOf(at)} AS m ON ${samePlace('m', 'b')}`
}

/** What goc_moved_N should hold, given the maps. */
function moveView(plan: Pick<Plan, 'tables' | 'references'>, { at, table, columns, changes }: Target): string {
  const parent = plan.tables[table] as PlanTable
  const names = columns.map(identifier)
  const raw = `(SELECT tableoid AS goc_oid, ctid AS goc_tid, ${names.join(', ')} FROM ${sourceOf(parent)}) AS o`
  const values = [
    ...names.map((name, n) => `o.${name} AS goc_o${n}`),
    ...names.map((name, n) => `n.${name} AS goc_n${n}`),
  ].join(', ')
  const filled = names.map((name) => `o.${name} IS NOT NULL`).join(' AND ')
  const arms: string[] = []
  if (canLose(parent)) {
    arms.push(`SELECT ${values}, l.goc_cause
  FROM ${mapOf(table)} AS l JOIN ${raw} ON ${samePlace('o', 'l')} JOIN ${nowOf(table)} AS n ON ${samePlace('n', 'l', 'to')}
  WHERE ${filled}`)
  }
  if (changes) {
    const gone = canLose(parent)
      ? ` AND NOT EXISTS (SELECT FROM ${mapOf(table)} AS l WHERE ${samePlace('l', 'n')})`
      : ''
    arms.push(`SELECT ${values}, coalesce(${causeIn(plan, table, columns, 'n')}, -1)
  FROM ${nowOf(table)} AS n JOIN ${raw} ON ${samePlace('o', 'n')}
  WHERE ${filled} AND ROW(${names.map((name) => `o.${name}::text`).join(', ')}) IS DISTINCT FROM ROW(${names.map((name) => `n.${name}::text`).join(', ')})${gone}`)
  }
  return `CREATE TEMPORARY VIEW ${moveOf(at)} AS
  ${arms.join('\n  UNION ALL\n  ')}`
}

export const rawRows = (table: PlanTable): string =>
  `(SELECT tableoid AS goc_oid, ctid AS goc_tid, * FROM ${sourceOf(table)})`
