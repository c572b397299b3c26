import type { PlanTable } from '../../../model/plan.js'
import { quoteLiteral } from '../sql-text.js'
import { lineSteps } from './lines.js'
import { type Step, ungated } from './mapping.js'
import { memberSteps, members } from './merge.js'
import { canLose, columnOf, exactSql, keyNames, type Shape } from './names.js'

/** Steps once the maps are settled, before anything is asked of them. */
export function closingSteps(plan: Shape, ws: string): Step[] {
  return [
    ...plan.tables.flatMap((table, at) => (canLose(table) ? memberSteps(plan, ws, at, ungated) : [])),
    ...lineSteps(plan, ws),
  ]
}

/**
 * Groups that the plan may not decide: the key of their survivor, the number of the key set they come from (goc_cause),
 * their rows (goc_rows), and the columns that differ (goc_columns): their positions in the table, or their names.
 * Texts that are equal but written differently differ: one of them would be lost.
 */
export function undecidedSql(plan: Shape, ws: string, at: number, as: 'positions' | 'names'): string | null {
  const table = plan.tables[at] as PlanTable
  const stop = table.keys.flatMap(({ divergent }, number) => (divergent === 'stop' ? [number] : []))
  const compared = new Map<string, number[]>()
  for (const [number, key] of table.keys.entries())
    for (const { name } of key.compared) compared.set(name, [...(compared.get(name) ?? []), number])
  if (stop.length === 0 || compared.size === 0) return null
  const differing = [...compared].map(([name, keys]) => {
    const value = exactSql(table, name, columnOf('b', name))
    const differs = `(NOT (MIN(${value}) <=> MAX(${value})) OR COUNT(${value}) NOT IN (0, COUNT(*)))`
    const asked = keys.length === table.keys.length ? '' : ` AND SUM(m.goc_by IN (${keys.join(', ')})) > 0`
    const position = table.columns.findIndex((column) => column.name === name)
    return `IF(${differs}${asked}, ${quoteLiteral(as === 'names' ? name : String(position))}, NULL)`
  })
  const survivor = keyNames(table, 's').map((name) => `m.${name}`)
  return `SELECT ${survivor.join(', ')}, MIN(m.goc_cause) AS goc_cause, COUNT(*) AS goc_rows, CONCAT_WS(${as === 'names' ? "', '" : "','"}, ${differing.join(', ')}) AS goc_columns
  FROM ${members(plan, ws, at)}
  GROUP BY ${survivor.join(', ')}
  HAVING SUM(m.goc_by IN (${stop.join(', ')})) > 0 AND goc_columns <> ''`
}
