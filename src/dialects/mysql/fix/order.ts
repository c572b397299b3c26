import type { PlanTable } from '../../../model/plan.js'
import { columnOf, countAlias, heldColumns, relationOf, type Shape } from './names.js'

/**
 * ORDER BY list over a table's columns under `alias`: best row first, and the same order each time. Where others refer
 * to the rows by something that may change, a row that keeps it comes first.
 */
export function survivorOrder(plan: Shape, at: number, survivor: string, alias: string): string {
  const held = heldColumns(plan, at).length > 0
  return `${held ? `${alias}.goc_stays DESC, ` : ''}${policyOrder(plan, at, survivor, alias)}`
}

function policyOrder(plan: Shape, at: number, survivor: string, alias: string): string {
  const table = plan.tables[at] as PlanTable
  const ties = (direction: string) => tieBreak(plan, at, alias, direction)
  switch (survivor) {
    case 'oldest':
      return ties('')
    case 'newest':
      return ties(' DESC')
    case 'most-complete':
      return `${table.columns.map(({ name }) => `(${columnOf(alias, name)} IS NULL)`).join(' + ')}, ${ties('')}`
    case 'most-referenced':
      return `${referenceCount(plan, at, alias)} DESC, ${ties('')}`
    default:
      return `${survivor}\n, ${ties('')}`
  }
}

/** The row's key as it is before anything moves: where it is made of references, the rows of a group are going to have the same. */
export function tieBreak({ tables }: Shape, at: number, alias: string, direction: string): string {
  return (tables[at] as PlanTable).primaryKey.map((_, n) => `${alias}.goc_p${n}${direction}`).join(', ')
}

/** By what the rows' children hold at present: targets that aren't part of the key are looked up by it. */
function referenceCount(plan: Shape, at: number, alias: string): string {
  const table = plan.tables[at] as PlanTable
  const counts = plan.references.flatMap(({ from, to, columns, targets, where, asText }, number) => {
    if (to !== at) return []
    const child = countAlias(number)
    const equal = columns.map((column, n) => {
      const target = targets[n] ?? ''
      const key = table.primaryKey.indexOf(target)
      const value = key < 0 ? columnOf(alias, target) : `${alias}.goc_p${key}`
      return asText
        ? `${asTextSql(columnOf(child, column))} = ${asTextSql(value)}`
        : `${columnOf(child, column)} = ${value}`
    })
    const rows = relationOf(plan.tables[from] as PlanTable)
    const source =
      where === null
        ? `${rows} AS ${child}`
        : `(SELECT ${child}.* FROM ${rows} AS ${child} WHERE ${where}\n) AS ${child}`
    return [`(SELECT COUNT(*) FROM ${source} WHERE ${equal.join(' AND ')})`]
  })
  // A bare number would be a position.
  return counts.length === 0 ? '(0 + 0)' : counts.join(' + ')
}

/** Both sides of a reference whose types or collations differ. */
export const asTextSql = (value: string): string => `CAST(${value} AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin`
