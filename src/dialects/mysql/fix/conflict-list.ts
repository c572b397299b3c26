import type { Plan, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteLiteral } from '../sql-text.js'
import { archived, archivedTables, archiveOf, conflicts, keyDocument, rowDocument, shownSql } from './archive.js'
import { runAll } from './blocks.js'
import { aliasOf, columnOf, writtenColumns } from './names.js'
import { backOf, changedSinceReason, keepOf, keyReason, referenceReason, undoFrom, undoOf } from './undo-views.js'

/** What is not restored goes into the conflict table, with the value that was archived and the one that is there now. */
export function listConflicts(plan: Plan, ws: string): Statement[] {
  const name = quoteLiteral(plan.name)
  const count = `SET @goc_conflicts = (SELECT COUNT(*) FROM ${conflicts(plan)} WHERE plan = ${name})`
  return runAll('What is not restored, for people to look at.', [
    `DELETE FROM ${conflicts(plan)} WHERE plan = ${name}`,
    'SET @goc_conflicts = 0',
    ...archivedTables(plan).flatMap((at) =>
      [goneRows(plan, ws, at), rowsAway(plan, ws, at), ...valuesKept(plan, ws, at)].flatMap((select) => [
        `INSERT INTO ${conflicts(plan)} (plan, number, table_schema, table_name, row_key, column_name, reason, archived, found)\n  ${select}`,
        count,
      ]),
    ),
  ])
}

/** SQL for a reason's words. */
function reasonSql({ unique }: PlanTable, number: string): string {
  const keys = unique.map(
    (key, n) => `WHEN ${keyReason(n)} THEN ${quoteLiteral(`another row has its key in ${key.name} now`)}`,
  )
  return `CASE ${number} WHEN ${changedSinceReason} THEN 'the value was changed since' WHEN ${referenceReason} THEN 'the row that it refers to is not restored' ${keys.join(' ')} END`
}

function head({ name }: Plan, table: PlanTable, alias: string): string {
  const about = [name, table.schema, table.name].map(quoteLiteral)
  const row = keyDocument(table, (n) => columnOf(alias, table.primaryKey[n] ?? ''))
  return `SELECT ${about[0]}, @goc_conflicts + ROW_NUMBER() OVER (ORDER BY ${alias}.goc_row), ${about[1]}, ${about[2]}, ${row}`
}

/** Changed rows and survivors that are deleted since. */
function goneRows(plan: Plan, ws: string, at: number): string {
  const table = plan.tables[at] as PlanTable
  const [a, b] = [`goc_a${at}`, `goc_b${at}`]
  return `${head(plan, table, b)}, NULL, 'the row was deleted since', ${rowDocument(table, b)}, NULL
  FROM ${archived(plan, at, 'a')} STRAIGHT_JOIN ${archived(plan, at, 'b')} ON ${b}.goc_row = ${a}.goc_row AND ${b}.goc_state = 'before'
  LEFT JOIN ${undoOf(ws, at)} AS u ON u.goc_row = ${a}.goc_row
  WHERE ${a}.goc_state = 'after' AND u.goc_row IS NULL`
}

function rowsAway(plan: Plan, ws: string, at: number): string {
  const table = plan.tables[at] as PlanTable
  const r = `goc_r${at}`
  return `${head(plan, table, r)}, NULL, ${reasonSql(table, 'k.goc_why')}, ${rowDocument(table, r)}, k.goc_found
  FROM ${backOf(ws, at)} AS k STRAIGHT_JOIN ${archiveOf(plan, at)} AS ${r} ON ${r}.goc_row = k.goc_row AND ${r}.goc_state = 'removed'
  WHERE k.goc_why IS NOT NULL`
}

function valuesKept(plan: Plan, ws: string, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const b = `goc_b${at}`
  return writtenColumns(plan, at).map((name, n) => {
    const shown = (alias: string) => shownSql(table, name, columnOf(alias, name))
    return `${head(plan, table, b)}, ${quoteLiteral(name)}, ${reasonSql(table, `u.${keepOf(n)}`)}, ${shown(b)}, COALESCE(${shown(aliasOf('t', at))}, u.goc_found)
  FROM ${undoFrom(plan, ws, at)} WHERE u.${keepOf(n)} >= ${changedSinceReason}`
  })
}
