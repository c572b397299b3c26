import type { PlanTable } from '../../../model/plan.js'
import {
  aliased,
  aliasOf,
  canLose,
  causeIn,
  columnOf,
  differs,
  keyNames,
  mapOf,
  nowOf,
  type Shape,
  sameKey,
  samePlace,
  writtenColumns,
} from './names.js'

/** Rows that stay and get another value: their key as goc_p0 …, and the new values; null where there can't be any. */
export function changedRows(plan: Shape, ws: string, at: number): string | null {
  const table = plan.tables[at] as PlanTable
  const columns = writtenColumns(plan, at)
  if (columns.length === 0) return null
  const t = aliasOf('t', at)
  const gone = canLose(table) ? ` LEFT JOIN ${mapOf(ws, at)} AS l ON ${sameKey(table, 'l', 'p', 'd', 'p')}` : ''
  const conditions = [
    `${causeIn(plan, at, columns, 'd')} IS NOT NULL`,
    ...(canLose(table) ? ['l.goc_p0 IS NULL'] : []),
    differs(table, columns, 'd', t),
  ]
  const values = [...keyNames(table, 'p').map((name) => `d.${name}`), ...columns.map((name) => columnOf('d', name))]
  return `SELECT ${values.join(', ')} FROM ${nowOf(ws, at)} AS d STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${samePlace(table, t, 'd', 'p')}${gone} WHERE ${conditions.join(' AND ')}`
}
