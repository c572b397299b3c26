import type { Plan, PlanTable } from '../../../model/plan.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import { archivedTables, archiveOf, columnList } from './archive.js'
import { writtenColumns } from './changes.js'
import { computedSql, samePlace, sourceOf } from './names.js'

export const undoOf = (table: number): string => `goc_undo_${table}`
export const backOf = (table: number): string => `goc_back_${table}`
export const thenOf = (table: number): string => `goc_then_${table}`

/**
 * Where the way back is worked out.
 *
 * - goc_undo_N: rows that the migration changed, where they are now, and the columns that stay as they are now
 * - goc_back_N: rows that the migration removed; `goc_why` says why one can't come back
 * - goc_then_N: every row of the table as it would be afterwards
 * - goc_reason: what is not restored, and why
 */
export function undoObjects(plan: Plan): string[] {
  return [
    `CREATE TEMPORARY TABLE goc_reason (goc_at int, goc_row bigint, goc_column text, goc_reason text, goc_found text) ON COMMIT DROP`,
    ...archivedTables(plan).flatMap((at) => [
      undoTable(plan, at),
      backTable(plan, at),
      `ANALYZE ${undoOf(at)}, ${backOf(at)}`,
      thenView(plan, at),
    ]),
  ]
}

/** A row is found again by its primary key as the migration left it; without one, by all its values. */
function undoTable(plan: Plan, at: number): string {
  const table = plan.tables[at] as PlanTable
  const after = `${archiveOf(plan, at)} AS a`
  const raw = `(SELECT tableoid AS goc_oid, ctid AS goc_tid, ${columnList(table)} FROM ${sourceOf(table)}) AS t`
  const create = `CREATE TEMPORARY TABLE ${undoOf(at)} ON COMMIT DROP AS
  SELECT a.goc_row, t.goc_oid, t.goc_tid, '{}'::text[] AS goc_keep`
  if (table.primaryKey.length > 0) {
    const equal = table.primaryKey.map((column) => `t.${identifier(column)} = a.${identifier(column)}`)
    return `${create}
  FROM ${after} JOIN ${raw} ON ${equal.join(' AND ')} WHERE a.goc_state = 'after'`
  }
  const numbered = (from: string, order: string) =>
    `(SELECT *, row_number() OVER (PARTITION BY goc_text ORDER BY ${order}) AS goc_n FROM (${from}) AS r)`
  const text = (alias: string) => `ROW(${columnList(table, `${alias}.`)})::text AS goc_text`
  return `${create}
  FROM ${numbered(`SELECT a.goc_row, ${text('a')} FROM ${after} WHERE a.goc_state = 'after'`, 'goc_row')} AS a
  JOIN ${numbered(`SELECT t.goc_oid, t.goc_tid, ${text('t')} FROM ${raw}`, 'goc_oid, goc_tid')} AS t USING (goc_text, goc_n)`
}

function backTable(plan: Plan, at: number): string {
  return `CREATE TEMPORARY TABLE ${backOf(at)} ON COMMIT DROP AS
  SELECT goc_row, NULL::text AS goc_why FROM ${archiveOf(plan, at)} WHERE goc_state = 'removed'`
}

/** SQL that says whether the way back gives this column of a changed row its old value. */
export function restores(column: string): string {
  const name = identifier(column)
  return `(b.${name}::text IS DISTINCT FROM a.${name}::text AND ${quoteLiteral(column)} <> ALL (u.goc_keep))`
}

/** FROM list: u (where it is), b (before), a (after), t (now). */
export function changedFrom(plan: Plan, at: number): string {
  const table = plan.tables[at] as PlanTable
  return `${undoOf(at)} AS u
  JOIN ${archiveOf(plan, at)} AS b ON b.goc_row = u.goc_row AND b.goc_state = 'before'
  JOIN ${archiveOf(plan, at)} AS a ON a.goc_row = u.goc_row AND a.goc_state = 'after'
  JOIN (SELECT tableoid AS goc_oid, ctid AS goc_tid, ${columnList(table)} FROM ${sourceOf(table)}) AS t ON ${samePlace('t', 'u')}`
}

function thenView(plan: Plan, at: number): string {
  const table = plan.tables[at] as PlanTable
  const written = writtenColumns(plan, at)
  const value = (name: string): string => {
    const column = identifier(name)
    const computed = table.generated.find((each) => each.name === name)
    if (computed?.from.some((source) => written.includes(source))) return computedSql(table, computed, value)
    return written.includes(name) ? `CASE WHEN ${restores(name)} THEN b.${column} ELSE t.${column} END` : `t.${column}`
  }
  const values = table.columns.map(({ name }) => `${value(name)} AS ${identifier(name)}`)
  return `CREATE TEMPORARY VIEW ${thenOf(at)} AS
  SELECT 'still' AS goc_kind, NULL::bigint AS goc_row, t.goc_oid, t.goc_tid, ${columnList(table, 't.')}
  FROM (SELECT tableoid AS goc_oid, ctid AS goc_tid, ${columnList(table)} FROM ${sourceOf(table)}) AS t
  WHERE NOT EXISTS (SELECT FROM ${undoOf(at)} AS u WHERE ${samePlace('u', 't')})
  UNION ALL
  SELECT 'undo', u.goc_row, t.goc_oid, t.goc_tid, ${values.join(', ')}
  FROM ${changedFrom(plan, at)}
  UNION ALL
  SELECT 'back', r.goc_row, NULL, NULL, ${columnList(table, 'r.')}
  FROM ${archiveOf(plan, at)} AS r JOIN ${backOf(at)} AS k USING (goc_row)
  WHERE r.goc_state = 'removed' AND k.goc_why IS NULL`
}
