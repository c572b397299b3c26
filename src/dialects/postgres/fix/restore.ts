import type { Plan, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import { archivedTables, archiveOf } from './archive.js'
import { raise, step } from './blocks.js'
import { writtenColumns } from './changes.js'
import { relationOf, sourceOf } from './names.js'
import { backOf, thenOf, undoOf } from './undo-views.js'

/** In one statement, as on the way there: foreign keys are checked at its end. */
export function restore(plan: Plan): Statement {
  const tables = archivedTables(plan)
  const prepared = tables.flatMap((at) => {
    const table = plan.tables[at] as PlanTable
    const written = writtenColumns(plan, at).map(identifier)
    const all =
      table.primaryKey.length > 0
        ? []
        : [`CREATE TEMPORARY TABLE goc_all_${at} ON COMMIT DROP AS\n  ${countTexts(table, thenOf(at))}`]
    if (written.length === 0) return all
    const known = new Set([...written, ...table.primaryKey.map(identifier)])
    const texts = (alias: string) => written.map((column) => `${alias}.${column}::text`).join(', ')
    const raw = `(SELECT tableoid AS goc_oid, ctid AS goc_tid, ${written.join(', ')} FROM ${sourceOf(table)})`
    return [
      ...all,
      `CREATE TEMPORARY TABLE goc_set_${at} ON COMMIT DROP AS
  SELECT u.goc_oid, u.goc_tid, ${[...known].map((column) => `n.${column}`).join(', ')}
  FROM ${thenOf(at)} AS n JOIN ${undoOf(at)} AS u ON u.goc_row = n.goc_row
  JOIN ${raw} AS t ON t.goc_oid = u.goc_oid AND t.goc_tid = u.goc_tid
  WHERE n.goc_kind = 'undo' AND ROW(${texts('n')}) IS DISTINCT FROM ROW(${texts('t')})`,
    ]
  })
  const parts = tables.flatMap((at) => restoreTable(plan, at))
  const counts = tables.flatMap((at) => [
    writtenColumns(plan, at).length > 0 ? `(SELECT count(*) FROM u${at})` : '0',
    `(SELECT count(*) FROM i${at})`,
  ])
  const expected = tables.flatMap((at) => [
    writtenColumns(plan, at).length > 0 ? `(SELECT count(*) FROM goc_set_${at})` : '0',
    `(SELECT count(*) FROM ${backOf(at)} WHERE goc_why IS NULL)`,
  ])
  return step(
    'Restore rows, references and values.',
    [
      ...prepared,
      `WITH ${parts.join(',\n  ')}
  SELECT ARRAY[${counts.join(', ')}]::bigint[] INTO goc_done`,
      `  IF goc_done <> ARRAY[${expected.join(', ')}]::bigint[] THEN
    ${raise(`'goc-audit: a trigger kept rows from being restored'`, 'Disable it for the time of the undoing; nothing has been changed.')}
  END IF;`,
      'SET CONSTRAINTS ALL IMMEDIATE',
      ...tables.map((at) => compareRestored(plan, at)),
    ],
    ['goc_done bigint[]', 'goc_text text'],
  )
}

/** A trigger may stamp rows that come back, or count them a second time. */
function compareRestored(plan: Plan, at: number): string {
  const table = plan.tables[at] as PlanTable
  const rows = table.primaryKey.length > 0 ? strayRows(plan, at) : strayTexts(table, at)
  return `  SELECT format('a trigger has changed rows of %s while they were restored (%s)', ${quoteLiteral(relationOf(table))}, count(*))
  INTO goc_text FROM (${rows}) AS r HAVING count(*) > 0;
  IF goc_text IS NOT NULL AND coalesce(current_setting('goc_audit.accept', true), '') NOT LIKE '%triggers%' THEN
    ${raise(`'goc-audit: ' || goc_text`, "Nothing has been changed. ALTER TABLE … DISABLE TRIGGER USER for the time of the undoing; or run this with: SET goc_audit.accept = 'triggers'.")}
  END IF;`
}

const plainNames = ({ columns }: PlanTable): string[] =>
  columns.flatMap(({ name, generated }) => (generated ? [] : [name]))

const rowText = (alias: string, names: readonly string[]): string =>
  `ROW(${names.map((name) => `${alias}.${identifier(name)}::text`).join(', ')})::text`

/** Rows that should be there, and aren't: removed ones in whole, changed ones in what is restored of them. */
function strayRows(plan: Plan, at: number): string {
  const table = plan.tables[at] as PlanTable
  const written = writtenColumns(plan, at)
  const isThere = (alias: string, names: readonly string[]) =>
    `EXISTS (SELECT FROM ${sourceOf(table)} AS t WHERE ${[
      ...table.primaryKey.map((name) => `t.${identifier(name)} = ${alias}.${identifier(name)}`),
      `${rowText('t', names)} = ${rowText(alias, names)}`,
    ].join(' AND ')})`
  const removed = `SELECT FROM ${archiveOf(plan, at)} AS r JOIN ${backOf(at)} AS k USING (goc_row)
    WHERE r.goc_state = 'removed' AND k.goc_why IS NULL AND NOT ${isThere('r', plainNames(table))}`
  return written.length === 0
    ? removed
    : `${removed}\n    UNION ALL SELECT FROM goc_set_${at} AS s WHERE NOT ${isThere('s', written)}`
}

/** Without a primary key: how many rows there should be of each kind, and are. */
const countTexts = (table: PlanTable, from: string): string =>
  `SELECT ${rowText('t', plainNames(table))} AS goc_kind, count(*) AS goc_count FROM ${from} AS t GROUP BY 1`

function strayTexts(table: PlanTable, at: number): string {
  return `SELECT FROM goc_all_${at} AS a FULL JOIN (${countTexts(table, sourceOf(table))}) AS t USING (goc_kind)
    WHERE a.goc_count IS DISTINCT FROM t.goc_count`
}

function restoreTable(plan: Plan, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const written = writtenColumns(plan, at).map(identifier)
  const plain = table.columns.flatMap(({ name, generated }) => (generated ? [] : [identifier(name)]))
  const sets = written.map((column) => `${column} = c.${column}`)
  const updated =
    written.length === 0
      ? []
      : [
          `u${at} AS (
    UPDATE ${sourceOf(table)} AS t SET ${sets.join(', ')} FROM goc_set_${at} AS c
    WHERE t.tableoid = c.goc_oid AND t.ctid = c.goc_tid RETURNING 1)`,
        ]
  // Rows must have left their unique values before others come back to them.
  const after = written.length === 0 ? '' : ` AND (SELECT count(*) FROM u${at}) >= 0`
  return [
    ...updated,
    `i${at} AS (
    INSERT INTO ${relationOf(table)} (${plain.join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT ${plain.map((column) => `r.${column}`).join(', ')}
    FROM ${archiveOf(plan, at)} AS r JOIN ${backOf(at)} AS k USING (goc_row)
    WHERE r.goc_state = 'removed' AND k.goc_why IS NULL${after} RETURNING 1)`,
  ]
}
