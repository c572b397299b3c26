import type { PlanTable } from '../../../model/plan.js'
import { changedOf } from './archive.js'
import { aliased, aliasOf, columnOf, movedOf, referencesOf, type Shape, targetsChange } from './names.js'
import { matches } from './now.js'

/** An UPDATE that doesn't name them would set some to the time of the day. */
export function stampSets({ columns }: PlanTable, alias: string, written: readonly string[]): string[] {
  return columns.flatMap(({ name, baseType, generated }) =>
    (baseType === 'timestamp' || baseType === 'datetime') && !generated && !written.includes(name)
      ? [`${columnOf(alias, name)} = ${columnOf(alias, name)}`]
      : [],
  )
}

/** The row of goc_changed_N under `changed`, some columns of which have been written already. */
export function placeOf(plan: Shape, at: number, alias: string, changed: string, written: readonly string[]): string {
  const { primaryKey } = plan.tables[at] as PlanTable
  return primaryKey
    .map(
      (name, n) =>
        `${columnOf(alias, name)} = ${written.includes(name) ? columnOf(changed, name) : `${changed}.goc_p${n}`}`,
    )
    .join(' AND ')
}

/**
 * Writes these columns of rows that stay, those in `before` being written already. What refers to something that is going
 * to change gets its present value: the foreign key carries the change on.
 */
export function setSteps(
  plan: Shape,
  ws: string,
  at: number,
  columns: readonly string[],
  before: readonly string[],
): string[] {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const carried = referencesOf(plan, at).filter(
    (reference) =>
      reference.foreignKey !== null &&
      targetsChange(plan, reference) &&
      reference.columns.every((name) => columns.includes(name)) &&
      !table.merge.some(({ column }) => reference.columns.includes(column)),
  )
  if (columns.length === 0) return []
  const joins = carried.map(
    (reference, k) =>
      ` LEFT JOIN ${movedOf(ws, reference.number)} AS m${k} ON ${matches(reference, t, `m${k}`).join(' AND ')}`,
  )
  const sets = columns.map((name) => {
    const final = columnOf('c', name)
    // Of several that share the column the first counts; whoever would become his own parent has none.
    const value = carried.reduceRight((otherwise, reference, k) => {
      const n = reference.columns.indexOf(name)
      return n < 0 ? otherwise : `IF(m${k}.goc_cause IS NULL OR ${final} IS NULL, ${otherwise}, m${k}.goc_r${n})`
    }, final)
    return `${columnOf(t, name)} = ${value}`
  })
  return [
    `UPDATE ${changedOf(ws, at)} AS c STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${placeOf(plan, at, t, 'c', before)}${joins.join('')} SET ${[...sets, ...stampSets(table, t, columns)].join(', ')} WHERE c.goc_writes = 1`,
  ]
}
