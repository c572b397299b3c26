import type { Plan, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteLiteral } from '../sql-text.js'
import { beforeOf, nameOf } from './apply.js'
import { archivedTables, archiveOf, changedOf } from './archive.js'
import { check } from './blocks.js'
import { aliased, aliasOf, columnOf, differs, movedOf, writtenColumns } from './names.js'
import { matches } from './now.js'
import { placeOf } from './write.js'

const DEFECT = 'This is a defect of goc-audit or the work of a trigger; nothing has been changed.'
export const ACCEPTED = "COALESCE(@goc_audit_accept, '') LIKE '%triggers%'"

/** Nothing lost, nothing left behind. Any difference undoes the whole transaction. */
export function verify(plan: Plan, ws: string): Statement[] {
  const tables = archivedTables(plan)
  const rows = plan.tables.flatMap((table, at) => {
    const now = `(SELECT COUNT(*) FROM ${aliased(plan, at, 't')})`
    const archived = tables.includes(at)
      ? `(SELECT COUNT(*) FROM ${archiveOf(plan, at)} WHERE goc_state = 'removed')`
      : '0'
    return check(
      at === 0 ? 'Verify: no row lost, no reference left behind.' : null,
      `SELECT CONCAT(${quoteLiteral(nameOf(table))}, ' had ', ${beforeOf(at)}, ' rows, has ', n.goc_now, ' now, and ', n.goc_gone, ' were archived') AS text
      FROM (SELECT ${now} AS goc_now, ${archived} AS goc_gone) AS n WHERE ${beforeOf(at)} <> n.goc_now + n.goc_gone`,
      'A trigger keeps rows from being removed, or writes others. Drop it for the time of the migration; nothing has been changed.',
    )
  })
  return [...rows, ...tables.flatMap((at) => written(plan, ws, at)), ...left(plan, ws)]
}

/** Rows that a trigger has taken away, or given other values. */
function written(plan: Plan, ws: string, at: number): Statement[] {
  const columns = writtenColumns(plan, at)
  if (columns.length === 0) return []
  const table = plan.tables[at] as PlanTable
  const t = aliasOf('t', at)
  const from = `FROM ${changedOf(ws, at)} AS c LEFT JOIN ${aliased(plan, at, 't')} ON ${placeOf(plan, at, t, 'c', columns)} WHERE c.goc_writes = 1`
  const there = `${columnOf(t, table.primaryKey[0] ?? '')} IS NOT NULL`
  const text = (what: string) => `CONCAT(COUNT(*), ${quoteLiteral(` rows of ${nameOf(table)} ${what}`)}) AS text`
  return [
    ...check(
      null,
      `SELECT ${text('are gone that should have been changed')} ${from} AND NOT (${there}) HAVING COUNT(*) > 0`,
      DEFECT,
    ),
    ...check(
      null,
      `SELECT ${text('hold other values than were written, by a trigger')} ${from} AND ${there} AND NOT ${ACCEPTED} AND ${differs(table, columns, 'c', t)} HAVING COUNT(*) > 0`,
      "Nothing has been changed. Drop the trigger for the time of the migration; or run this with: SET @goc_audit_accept = 'triggers'.",
    ),
  ]
}

/** Children that hold what no row of the parent has any more. */
function left(plan: Plan, ws: string): Statement[] {
  return plan.references.flatMap((reference, number) => {
    const { from, to, targets, where } = reference
    const child = plan.tables[from] as PlanTable
    const [t, o] = [aliasOf('t', from), aliasOf('o', to)]
    const again = targets.map((name, n) => `${columnOf(o, name)} = m.goc_o${n}`)
    const conditions = [
      `NOT EXISTS (SELECT 1 FROM ${aliased(plan, to, 'o')} WHERE ${again.join(' AND ')})`,
      ...(where === null ? [] : [`(${where}\n)`]),
    ]
    return check(
      null,
      `SELECT CONCAT(COUNT(*), ${quoteLiteral(` rows of ${nameOf(child)} still refer to rows that are gone`)}) AS text
      FROM ${movedOf(ws, number)} AS m STRAIGHT_JOIN ${aliased(plan, from, 't')} ON ${matches(reference, t, 'm').join(' AND ')}
      WHERE ${conditions.join(' AND ')} HAVING COUNT(*) > 0`,
      DEFECT,
    )
  })
}
