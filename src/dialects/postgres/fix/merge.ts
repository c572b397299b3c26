import type { Plan, PlanMerge, PlanTable } from '../../../model/plan.js'
import { identifier } from '../sql-text.js'
import { baseOf, canLose, mapOf, mergedOf, samePlace } from './names.js'
import { survivorOrder, tieBreak } from './order.js'

/** Computes goc_merged_N anew from the whole of each group; nothing where no column has a policy. */
export function refreshMerged(plan: Pick<Plan, 'tables' | 'references'>, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  if (!canLose(table) || table.merge.length === 0) return []
  const columns = table.merge.map(({ column }) => identifier(column))
  const members = `SELECT l.to_oid, l.to_tid, l.goc_cause AS goc_because, l.goc_key AS goc_by, false AS goc_first, b.*
      FROM ${mapOf(at)} AS l JOIN ${baseOf(at)} AS b ON ${samePlace('b', 'l')}
      UNION ALL
      SELECT s.to_oid, s.to_tid, NULL, NULL, true, b.*
      FROM (SELECT DISTINCT to_oid, to_tid FROM ${mapOf(at)}) AS s JOIN ${baseOf(at)} AS b ON ${samePlace('b', 's', 'to')}`
  const ranked = `SELECT m.*, ${placeSql(plan, at)} AS goc_place
    FROM (${members}) AS m`
  return [
    `DELETE FROM ${mergedOf(at)}`,
    `INSERT INTO ${mergedOf(at)} (goc_oid, goc_tid, goc_cause, ${columns.join(', ')})
  SELECT g.to_oid, g.to_tid, min(g.goc_because), ${table.merge.map((merge) => mergedValue(plan, at, merge)).join(', ')}
  FROM (${ranked}) AS g
  GROUP BY g.to_oid, g.to_tid`,
    `ANALYZE ${mergedOf(at)}`,
  ]
}

/** The survivor first, then in the survivor order of the first of the table's keys that made the group. */
function placeSql(plan: Pick<Plan, 'tables' | 'references'>, at: number): string {
  const keys = (plan.tables[at] as PlanTable).keys
  const group = 'PARTITION BY m.to_oid, m.to_tid'
  const place = (survivor: string) =>
    `row_number() OVER (${group} ORDER BY m.goc_first DESC, ${survivorOrder(plan, at, survivor, 'm')})`
  const [first = 'oldest', ...others] = new Set(keys.map(({ survivor }) => survivor))
  if (others.length === 0) return place(first)
  const cases = keys.map(({ survivor }, number) => `WHEN ${number} THEN ${place(survivor)}`)
  return `CASE min(m.goc_by) OVER (${group}) ${cases.join(' ')} END`
}

/**
 * An aggregate over a group's rows, the survivor in the first place. Nothing is cast to the column's own type, since that
 * would cut a text to its length: storing it fails instead.
 */
function mergedValue(plan: Pick<Plan, 'tables' | 'references'>, at: number, { column, policy }: PlanMerge): string {
  const table = plan.tables[at] as PlanTable
  const { type = 'text', baseType = 'text' } = table.columns.find(({ name }) => name === column) ?? {}
  const isArray = baseType.endsWith(']')
  const value = `g.${identifier(column)}`
  const [stamp] = table.stamps
  const newest = `${stamp === undefined ? '' : `g.${identifier(stamp)} DESC NULLS LAST, `}${tieBreak(plan, at, 'g', ' DESC')}`
  // Arrays of arrays must be even, so an array goes through its text, which loses nothing.
  const first = (order: string, filled: boolean) => {
    const filter = filled ? ` FILTER (WHERE ${value} IS DISTINCT FROM NULL)` : ''
    return isArray
      ? `(array_agg(${value}::text ORDER BY ${order})${filter})[1]::${type}`
      : `(array_agg(${value} ORDER BY ${order})${filter})[1]`
  }
  switch (policy) {
    case 'first-non-null':
      return first('g.goc_place', true)
    case 'min':
      return first(value, true)
    case 'max':
      return first(`${value} DESC`, true)
    case 'latest':
      return first(newest, false)
    case 'sum':
      return `sum(${value})`
    case 'or':
      return `${baseType === 'boolean' ? 'bool_or' : 'bit_or'}(${value})`
    case 'and':
      return `${baseType === 'boolean' ? 'bool_and' : 'bit_and'}(${value})`
    case 'concat':
      return `(SELECT string_agg(t.v, E'\\n' ORDER BY t.n) FROM (SELECT u.v, min(u.n) AS n
      FROM unnest(array_agg(${value}::text ORDER BY g.goc_place)) WITH ORDINALITY AS u(v, n) GROUP BY u.v) AS t)`
  }
}
