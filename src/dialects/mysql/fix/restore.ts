import type { Plan, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteIdentifier, quoteLiteral } from '../sql-text.js'
import { beforeOf, nameOf, parkSets } from './apply.js'
import { archivedTables } from './archive.js'
import { check, runAll } from './blocks.js'
import { aliased, aliasOf, backEdges, columnOf, differs, relationOf, targetsChange, writtenColumns } from './names.js'
import { backOf, thenOf } from './undo-views.js'
import { ACCEPTED } from './verify.js'
import { stampSets } from './write.js'

/** Parents first: rows leave what others come back to, and then those that refer to each other do so again. */
export function restore(plan: Plan, ws: string): Statement[] {
  const tables = archivedTables(plan)
  const circles = tables.flatMap((at) => restoreCircles(plan, ws, at))
  return [
    ...tables.flatMap((at) =>
      runAll(`Restore: ${nameOf(plan.tables[at] as PlanTable)}`, [
        ...restoreValues(plan, ws, at),
        ...followParents(plan, ws, at),
        restoreRows(plan, ws, at),
      ]),
    ),
    ...(circles.length === 0 ? [] : runAll('References that had to wait for the rows they lead to.', circles)),
    ...compareRestored(plan, ws),
  ]
}

const plainNames = ({ columns }: PlanTable): string[] =>
  columns.flatMap(({ name, generated }) => (generated ? [] : [name]))

const backColumns = (plan: Plan, at: number): string[] => backEdges(plan, at).flatMap(({ columns }) => columns)

/** The row as it was found; `restored`: those of its columns that have their old values already. */
function placeOf(plan: Plan, at: number, restored: readonly string[]): string {
  const { primaryKey } = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  return primaryKey
    .map((name, n) => `${columnOf(t, name)} = ${restored.includes(name) ? columnOf('d', name) : `d.goc_p${n}`}`)
    .join(' AND ')
}

function restoreValues(plan: Plan, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const back = backColumns(plan, at)
  const columns = writtenColumns(plan, at).filter((name) => !back.includes(name))
  if (columns.length === 0) return []
  const sets = columns.map((name) => `${columnOf(t, name)} = ${columnOf('d', name)}`)
  return [
    `UPDATE ${thenOf(ws, at)} AS d STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${placeOf(plan, at, [])} SET ${[...sets, ...stampSets(table, t, columns)].join(', ')} WHERE d.goc_kind = 'undo' AND ${differs(table, columns, 'd', t)}`,
  ]
}

/** Where a foreign key has carried a restored value on into a child's own key, the child is found by that from now on. */
function followParents(plan: Plan, ws: string, at: number): string[] {
  const parent = plan.tables[at] as PlanTable
  return plan.references.flatMap(({ from, to, columns, targets, foreignKey, onUpdate }) => {
    const child = plan.tables[from] as PlanTable
    const isKey = columns.every((name) => child.primaryKey.includes(name))
    const isKnown = targets.every((name) => parent.primaryKey.includes(name))
    const carries = foreignKey !== null && onUpdate === 'cascade' && targetsChange(plan, { to, targets })
    if (to !== at || from === at || !carries || !isKey || !isKnown) return []
    const place = (table: PlanTable, name: string) => `goc_p${table.primaryKey.indexOf(name)}`
    const pairs = columns.map((name, n) => [place(child, name), targets[n] ?? ''] as const)
    const equal = pairs.map(([own, target]) => `d.${own} = u.${place(parent, target)}`)
    const sets = pairs.map(([own, target]) => `d.${own} = ${columnOf('u', target)}`)
    return [
      `UPDATE ${thenOf(ws, from)} AS d JOIN ${thenOf(ws, at)} AS u ON ${equal.join(' AND ')} SET ${sets.join(', ')} WHERE d.goc_kind = 'undo' AND u.goc_kind = 'undo'`,
    ]
  })
}

function restoreRows(plan: Plan, ws: string, at: number): string {
  const table = plan.tables[at] as PlanTable
  const names = plainNames(table)
  const parked = parkSets(plan, at, 'd')
  const values = names.map((name) => parked.get(name) ?? columnOf('d', name))
  return `INSERT INTO ${relationOf(table)} (${names.map(quoteIdentifier).join(', ')})
  SELECT ${values.join(', ')} FROM ${thenOf(ws, at)} AS d WHERE d.goc_kind = 'back' ORDER BY d.goc_row`
}

/** Of rows that came back and of those that were changed. */
function restoreCircles(plan: Plan, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const back = backColumns(plan, at)
  const written = writtenColumns(plan, at)
  const rest = written.filter((name) => !back.includes(name))
  const update = (kind: string, columns: readonly string[], place: string) => {
    const sets = columns.map((name) => `${columnOf(t, name)} = ${columnOf('d', name)}`)
    return `UPDATE ${thenOf(ws, at)} AS d STRAIGHT_JOIN ${aliased(plan, at, 't')} ON ${place} SET ${[...sets, ...stampSets(table, t, columns)].join(', ')} WHERE d.goc_kind = '${kind}' AND ${differs(table, columns, 'd', t)}`
  }
  const parked = [...parkSets(plan, at, 'd').keys()]
  const changed = written.filter((name) => back.includes(name))
  const own = table.primaryKey.filter((name) => !parked.includes(name))
  return [
    ...(parked.length === 0
      ? []
      : [update('back', parked, own.map((name) => `${columnOf(t, name)} = ${columnOf('d', name)}`).join(' AND '))]),
    ...(changed.length === 0 ? [] : [update('undo', changed, placeOf(plan, at, rest))]),
  ]
}

const COUNT =
  'A trigger kept rows from being restored, or wrote others. Drop it for the time of the undoing; nothing has been changed.'

/** A trigger may stamp rows that come back, or count them a second time. */
function compareRestored(plan: Plan, ws: string): Statement[] {
  const tables = archivedTables(plan)
  const counts = plan.tables.flatMap((table, at) => {
    const back = tables.includes(at) ? `(SELECT COUNT(*) FROM ${backOf(ws, at)} WHERE goc_why IS NULL)` : '0'
    const now = `(SELECT COUNT(*) FROM ${aliased(plan, at, 't')})`
    return check(
      at === 0 ? 'Verify: every row and value that can be restored is.' : null,
      `SELECT CONCAT(${quoteLiteral(nameOf(table))}, ' had ', ${beforeOf(at)}, ' rows, has ', n.goc_now, ' now, and ', n.goc_back, ' should have come back') AS text
      FROM (SELECT ${now} AS goc_now, ${back} AS goc_back) AS n WHERE n.goc_now <> ${beforeOf(at)} + n.goc_back`,
      COUNT,
    )
  })
  return [...counts, ...tables.flatMap((at) => compareTable(plan, ws, at))]
}

function compareTable(plan: Plan, ws: string, at: number): Statement[] {
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const written = writtenColumns(plan, at)
  const equal = table.primaryKey.map((name) => `${columnOf(t, name)} = ${columnOf('d', name)}`)
  const there = `${columnOf(t, table.primaryKey[0] ?? '')} IS NOT NULL`
  const from = `FROM ${thenOf(ws, at)} AS d LEFT JOIN ${aliased(plan, at, 't')} ON ${equal.join(' AND ')}`
  const changed = [
    `(d.goc_kind = 'back' AND ${differs(table, plainNames(table), 'd', t)})`,
    ...(written.length === 0 ? [] : [`(d.goc_kind = 'undo' AND ${differs(table, written, 'd', t)})`]),
  ]
  const text = (what: string) => `CONCAT(COUNT(*), ${quoteLiteral(` rows of ${nameOf(table)} ${what}`)}) AS text`
  return [
    ...check(null, `SELECT ${text('were not restored')} ${from} WHERE NOT (${there}) HAVING COUNT(*) > 0`, COUNT),
    ...check(
      null,
      `SELECT ${text('were changed by a trigger while they were restored')} ${from} WHERE ${there} AND NOT ${ACCEPTED} AND (${changed.join(' OR ')}) HAVING COUNT(*) > 0`,
      "Nothing has been changed. Drop the trigger for the time of the undoing; or run this with: SET @goc_audit_accept = 'triggers'.",
    ),
  ]
}
