import type { Plan, PlanTable } from '../../../model/plan.js'
import { identifier } from '../sql-text.js'
import { canLose, causeIn, changingColumns, mapOf, nowOf, samePlace, sourceOf } from './names.js'

type Shape = Pick<Plan, 'tables' | 'references'>

/** Columns of rows that stay which the migration writes. */
export function writtenColumns(plan: Shape, at: number): string[] {
  const generated = plan.tables[at]?.columns.flatMap((column) => (column.generated ? [column.name] : [])) ?? []
  return changingColumns(plan, at).filter((name) => !generated.includes(name))
}

/** Rows that stay and get another value: their place, and the new values; null where there can't be any. */
export function changedRows(plan: Shape, at: number): string | null {
  const table = plan.tables[at] as PlanTable
  const columns = writtenColumns(plan, at).map(identifier)
  if (columns.length === 0) return null
  const stays = canLose(table) ? `NOT EXISTS (SELECT FROM ${mapOf(at)} AS l WHERE ${samePlace('l', 'n')}) AND ` : ''
  const texts = (alias: string) => columns.map((column) => `${alias}.${column}::text`).join(', ')
  // By text, since equal values may still be written differently.
  return `SELECT n.goc_oid, n.goc_tid, ${columns.map((column) => `n.${column}`).join(', ')}
  FROM ${nowOf(at)} AS n
  JOIN (SELECT tableoid AS goc_oid, ctid AS goc_tid, ${columns.join(', ')} FROM ${sourceOf(table)}) AS o ON ${samePlace('o', 'n')}
  WHERE ${causeIn(plan, at, writtenColumns(plan, at), 'n')} IS NOT NULL
    AND ${stays}ROW(${texts('n')}) IS DISTINCT FROM ROW(${texts('o')})`
}
