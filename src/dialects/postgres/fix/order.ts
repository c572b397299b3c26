import type { Plan, PlanTable } from '../../../model/plan.js'
import { identifier } from '../sql-text.js'
import { heldColumns, rawName, sourceOf, targetsOf } from './names.js'

/**
 * ORDER BY list over a table's columns under `alias`: best row first, and the same order each time. Where others refer
 * to the rows by something that may change, a row that keeps it comes first: were it removed and another took its
 * place, ON DELETE CASCADE would take the children of both.
 */
export function survivorOrder(
  plan: Pick<Plan, 'tables' | 'references'>,
  at: number,
  survivor: string,
  alias: string,
): string {
  const held = heldColumns(targetsOf(plan), at).length > 0
  return `${held ? `${alias}.goc_stays DESC, ` : ''}${policyOrder(plan, at, survivor, alias)}`
}

function policyOrder(plan: Pick<Plan, 'tables' | 'references'>, at: number, survivor: string, alias: string): string {
  const table = plan.tables[at] as PlanTable
  const ties = (direction: string) => tieBreak(plan, at, alias, direction)
  switch (survivor) {
    case 'oldest':
      return ties('')
    case 'newest':
      return ties(' DESC')
    case 'most-complete':
      return `${nullCount(table, alias)}, ${ties('')}`
    case 'most-referenced':
      return `${referenceCount(plan, at, alias)} DESC, ${ties('')}`
    default:
      return `${survivor}\n, ${ties('')}`
  }
}

/**
 * The primary key as it is before anything moves: where it is made of references, the rows of a group are going to have
 * the same. Without one, the row's place.
 */
export function tieBreak(
  plan: Pick<Plan, 'tables' | 'references'>,
  at: number,
  alias: string,
  direction: string,
): string {
  const { primaryKey } = plan.tables[at] as PlanTable
  const columns = primaryKey.length > 0 ? primaryKey.map((column) => rawName(plan, at, column)) : ['goc_oid', 'goc_tid']
  return columns.map((column) => `${alias}.${column}${direction}`).join(', ')
}

/** In pieces, since a function takes 100 arguments. */
function nullCount({ columns }: PlanTable, alias: string): string {
  const names = columns.map(({ name }) => `${alias}.${identifier(name)}`)
  const pieces: string[] = []
  for (let at = 0; at < names.length; at += 90) pieces.push(`num_nulls(${names.slice(at, at + 90).join(', ')})`)
  return pieces.join(' + ')
}

function referenceCount(plan: Pick<Plan, 'tables' | 'references'>, at: number, alias: string): string {
  const counts = plan.references
    .filter(({ to }) => to === at)
    .map(({ from, columns, targets, where, asText }) => {
      const cast = asText ? '::text' : ''
      const equal = columns.map(
        (column, n) => `c.${identifier(column)}${cast} = ${alias}.${rawName(plan, at, targets[n] ?? '')}${cast}`,
      )
      const child = sourceOf(plan.tables[from] as PlanTable)
      const rows = where === null ? child : `(SELECT * FROM ${child} WHERE ${where}\n)`
      return `(SELECT count(*) FROM ${rows} AS c WHERE ${equal.join(' AND ')})`
    })
  return counts.length === 0 ? '0::bigint' : counts.join(' + ')
}
