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
  const from = `${changedOf(ws, at)} AS c STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${placeOf(plan, at, t, 'c', before)}`
  const carried = referencesOf(plan, at).filter(
    (reference) =>
      reference.foreignKey !== null &&
      targetsChange(plan, reference) &&
      reference.columns.every((name) => columns.includes(name)) &&
      !table.merge.some(({ column }) => reference.columns.includes(column)),
  )
  const follows = new Set(carried.flatMap((reference) => reference.columns))
  const own = columns.filter((name) => !follows.has(name))
  const update = (join: string, sets: readonly string[], names: readonly string[], where: string) =>
    `UPDATE ${from}${join} SET ${[...sets, ...stampSets(table, t, names)].join(', ')} WHERE c.goc_writes = 1${where}`
  return [
    ...(own.length === 0
      ? []
      : [
          update(
            '',
            own.map((name) => `${columnOf(t, name)} = ${columnOf('c', name)}`),
            own,
            '',
          ),
        ]),
    ...carried.map((reference) => {
      const same = reference.columns.map((_, n) => `m.goc_r${n} <=> m.goc_o${n}`)
      // Whoever would become his own parent has none.
      const emptied = reference.columns.map((name) => `${columnOf('c', name)} IS NULL`).join(' OR ')
      return update(
        ` STRAIGHT_JOIN ${movedOf(ws, reference.number)} AS m ON ${matches(reference, t, 'm').join(' AND ')}`,
        reference.columns.map(
          (name, n) => `${columnOf(t, name)} = IF(${columnOf('c', name)} IS NULL, NULL, m.goc_r${n})`,
        ),
        reference.columns,
        ` AND (NOT (${same.join(' AND ')}) OR ${emptied})`,
      )
    }),
  ]
}
