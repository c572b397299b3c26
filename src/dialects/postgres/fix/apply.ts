import type { Plan, PlanLimits, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import { archivedTables, archiveOf, closeArchive, columnList, createArchive, fillArchive, idMap } from './archive.js'
import { raise, step } from './blocks.js'
import { changedRows, writtenColumns } from './changes.js'
import { problemQueries } from './checks.js'
import { lockPlan } from './locks.js'
import { undecidedSql } from './mapping.js'
import {
  baseOf,
  canLose,
  changedOf,
  mapOf,
  movedOf,
  moveOf,
  nowOf,
  relationOf,
  samePlace,
  sourceOf,
  targetOf,
  targetsOf,
} from './names.js'
import { workObjects } from './views.js'

/** Statements of the one transaction that removes duplicate rows and builds the indexes, after the preflight. */
export function makeArchive(plan: Plan): Statement {
  return step(
    'The archive: whatever is removed or changed is kept here, personal data included. Nobody but its owner may read it.',
    [
      ...createArchive(plan),
      closeArchive(plan),
      // What an undone run left; only now, since a published table needs its primary key for it.
      `DELETE FROM ${idMap(plan)} WHERE plan = ${quoteLiteral(plan.name)}`,
      ...archivedTables(plan).map((at) => `DELETE FROM ${archiveOf(plan, at)}`),
    ],
    ['goc_name text', 'goc_one record'],
  )
}

export function lock(plan: Plan): Statement {
  return step(
    'Writers wait from here to COMMIT, readers do not. Nothing can change between what is looked at and what is done.',
    [lockPlan(plan)],
  )
}

export function workspace(plan: Plan): Statement {
  const counts = plan.tables.map((table, at) => `SELECT ${at} AS goc_at, count(*) AS goc_rows FROM ${sourceOf(table)}`)
  return step('Where the plan is worked out; gone with the transaction.', [
    ...workObjects(plan),
    `CREATE TEMPORARY TABLE goc_before ON COMMIT DROP AS
  ${counts.join('\n  UNION ALL ')}`,
  ])
}

/** Undecided groups and limits stop it before a row is touched. */
export function checks(plan: Plan): Statement {
  const undecided = plan.tables.flatMap((table, at) => {
    const sql = undecidedSql(plan, at)
    return sql === null
      ? []
      : [
          `  SELECT format('%s duplicate groups of %s differ in %s', count(*), ${quoteLiteral(relationOf(table))}, string_agg(DISTINCT array_to_string(u.goc_columns, ', '), '; '))
  INTO goc_text FROM (${sql}) AS u HAVING count(*) > 0;`,
          stop(
            'Say in .goc-audit.yml how these columns are merged, or `divergent: keep-survivor`, and let goc-audit write the migration again.',
          ),
        ]
  })
  const problems = problemQueries(plan).flatMap((sql) => [
    `  SELECT p.text INTO goc_text FROM (${sql}) AS p LIMIT 1;`,
    stop('Settle these rows by hand first, or leave the key set out.'),
  ])
  const limits = plan.tables.flatMap((table, at) => (canLose(table) ? tableLimits(plan.limits, table, at) : []))
  return step(
    'What the plan may not decide, and more than it was meant for, stops it here: nothing has been touched.',
    [...undecided, ...problems, ...limits],
    ['goc_text text'],
  )
}

function stop(hint: string): string {
  return `  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: ' || goc_text`, hint)}
  END IF;`
}

/** Surplus rows that no limit minds unless it was given. */
export const FREE_SURPLUS = 1000
export const DEFAULT_SURPLUS = 0.1

function tableLimits({ maxGroup, maxSurplus }: PlanLimits, table: PlanTable, at: number): string[] {
  const share = maxSurplus ?? DEFAULT_SURPLUS
  const least = maxSurplus === null ? ` AND count(*) > ${FREE_SURPLUS}` : ''
  return [
    `  SELECT format('a duplicate group of %s has %s rows, and the limit is ${maxGroup}', ${quoteLiteral(relationOf(table))}, count(*) + 1)
  INTO goc_text FROM ${mapOf(at)} GROUP BY to_oid, to_tid HAVING count(*) + 1 > ${maxGroup} ORDER BY count(*) DESC LIMIT 1;`,
    stop(
      'A placeholder such as an empty string is often the key of a large group. Raise the limit with --max-group if it is right.',
    ),
    `  SELECT format('%s of the %s rows of %s are surplus, and the limit is ${Math.round(share * 10000) / 100} percent', count(*), b.goc_rows, ${quoteLiteral(relationOf(table))})
  INTO goc_text FROM ${mapOf(at)} CROSS JOIN (SELECT goc_rows FROM goc_before WHERE goc_at = ${at}) AS b
  GROUP BY b.goc_rows HAVING count(*) > ${share} * b.goc_rows${least};`,
    stop('Look at the duplicate groups once more. Raise the limit with --max-surplus if it is right.'),
  ]
}

/** Archives, then removes, repoints and merges in one statement: foreign keys are checked at its end, in whatever order rows went. */
export function mergeRows(plan: Plan): Statement[] {
  const tables = archivedTables(plan)
  return [
    step(
      'Rows that stay with other values, and survivors.',
      tables.flatMap((at) => changedTable(plan, at)),
    ),
    step('Everything that is removed or changed, as it is now.', fillArchive(plan)),
    step(
      'Remove, repoint and merge, in one statement: foreign keys are checked at its end, so that no order of rows or tables matters, and nothing cascades.',
      [changeAll(plan, tables), ...tables.map((at) => checkCounts(plan, at)), ...unchangedSurvivors(plan, tables)],
      ['goc_done bigint[]', 'goc_text text'],
    ),
  ]
}

/** goc_changed_N: the place of rows that change, and of survivors that don't (goc_writes is false), with the new values. */
function changedTable(plan: Plan, at: number): string[] {
  const table = plan.tables[at] as PlanTable
  const columns = writtenColumns(plan, at)
    .map((column) => `, ${identifier(column)}`)
    .join('')
  const raw = `SELECT tableoid AS goc_oid, ctid AS goc_tid${columns} FROM ${sourceOf(table)}`
  const changed = changedRows(plan, at) ?? `${raw} WHERE false`
  const gone = canLose(table) ? ` + (SELECT count(*) FROM ${mapOf(at)})` : ''
  const create = `CREATE TEMPORARY TABLE ${changedOf(at)} ON COMMIT DROP AS
  SELECT row_number() OVER (ORDER BY c.goc_oid, c.goc_tid)${gone} AS goc_row, c.*, true AS goc_writes
  FROM (${changed}) AS c`
  // A survivor that was deleted since is told of on the way back; without a primary key it can't be found again.
  const survivors =
    canLose(table) && table.primaryKey.length > 0
      ? [
          `INSERT INTO ${changedOf(at)}
  SELECT row_number() OVER (ORDER BY t.goc_oid, t.goc_tid) + (SELECT count(*) FROM ${changedOf(at)})${gone}, t.*, false
  FROM (SELECT DISTINCT to_oid, to_tid FROM ${mapOf(at)}) AS s JOIN (${raw}) AS t ON ${samePlace('t', 's', 'to')}
  WHERE NOT EXISTS (SELECT FROM ${changedOf(at)} AS c WHERE ${samePlace('c', 't')})`,
        ]
      : []
  return [create, ...survivors, `ANALYZE ${changedOf(at)}`]
}

function changeAll(plan: Plan, tables: readonly number[]): string {
  const parts = tables.flatMap((at) => {
    const table = plan.tables[at] as PlanTable
    const columns = writtenColumns(plan, at)
    const steps: string[] = []
    if (canLose(table)) {
      steps.push(`d${at} AS (
    DELETE FROM ${sourceOf(table)} AS t USING ${mapOf(at)} AS l
    WHERE t.tableoid = l.goc_oid AND t.ctid = l.goc_tid RETURNING 1)`)
    }
    if (columns.length > 0) {
      // Rows must be gone before others take their unique values.
      const after = canLose(table) ? ` AND (SELECT count(*) FROM d${at}) >= 0` : ''
      const sets = columns.map((column) => `${identifier(column)} = c.${identifier(column)}`)
      steps.push(
        `u${at} AS (
    UPDATE ${sourceOf(table)} AS t SET ${sets.join(', ')} FROM ${changedOf(at)} AS c
    WHERE t.tableoid = c.goc_oid AND t.ctid = c.goc_tid AND c.goc_writes${after} RETURNING c.goc_row, ${columnList(table, 't.')})`,
        `a${at} AS (
    INSERT INTO ${archiveOf(plan, at)} (goc_row, goc_state, ${columnList(table)})
    SELECT goc_row, 'after', ${columnList(table)} FROM u${at} RETURNING 1)`,
      )
    }
    return steps
  })
  const counts = tables.flatMap((at) => {
    const removed = canLose(plan.tables[at]) ? `(SELECT count(*) FROM d${at})` : '0'
    const changed = writtenColumns(plan, at).length > 0 ? `(SELECT count(*) FROM a${at})` : '0'
    return [removed, changed]
  })
  return `WITH ${parts.join(',\n  ')}
  SELECT ARRAY[${counts.join(', ')}]::bigint[] INTO goc_done`
}

function checkCounts(plan: Plan, at: number): string {
  const table = plan.tables[at] as PlanTable
  const slot = archivedTables(plan).indexOf(at) * 2
  const name = quoteLiteral(relationOf(table))
  const removed = canLose(table) ? `(SELECT count(*) FROM ${mapOf(at)})` : '0'
  const changed = writtenColumns(plan, at).length > 0 ? `(SELECT count(*) FROM ${changedOf(at)} WHERE goc_writes)` : '0'
  return `  IF goc_done[${slot + 1}] <> ${removed} OR goc_done[${slot + 2}] <> ${changed} THEN
    ${raise(
      `format('goc-audit: %s of %s rows of %s were removed and %s of %s changed', goc_done[${slot + 1}], ${removed}, ${name}, goc_done[${slot + 2}], ${changed})`,
      'A trigger keeps rows from being removed or changed, perhaps to mark them as deleted instead. Disable it for the time of the migration.',
    )}
  END IF;`
}

function unchangedSurvivors(plan: Plan, tables: readonly number[]): string[] {
  return tables
    .filter((at) => canLose(plan.tables[at]))
    .map((at) => {
      const table = plan.tables[at] as PlanTable
      return `INSERT INTO ${archiveOf(plan, at)} (goc_row, goc_state, ${columnList(table)})
  SELECT b.goc_row, 'after', ${columnList(table, 'b.')}
  FROM ${archiveOf(plan, at)} AS b JOIN ${changedOf(at)} AS c ON c.goc_row = b.goc_row AND NOT c.goc_writes
  WHERE b.goc_state = 'before'`
    })
}

/** Nothing lost, nothing left behind. Any difference undoes the whole transaction. */
export function verify(plan: Plan): Statement {
  const targets = targetsOf(plan)
  const counts = plan.tables.map((table, at) => {
    const archived = archivedTables(plan).includes(at)
      ? `(SELECT count(*) FROM ${archiveOf(plan, at)} WHERE goc_state = 'removed')`
      : '0'
    return `  SELECT format('%s had %s rows, has %s now, and %s were archived', ${quoteLiteral(relationOf(table))}, b.goc_rows, a.goc_rows, ${archived})
  INTO goc_text FROM goc_before AS b CROSS JOIN (SELECT count(*) AS goc_rows FROM ${sourceOf(table)}) AS a
  WHERE b.goc_at = ${at} AND b.goc_rows <> a.goc_rows + ${archived};
${stop('This is a defect of goc-audit or the work of a trigger; nothing has been changed.')}`
  })
  const left = plan.references.map((reference) => {
    const { from, columns, where, asText } = reference
    const child = plan.tables[from] as PlanTable
    const cast = asText ? '::text' : ''
    const moved = movedOf(targetOf(targets, reference).at)
    const equal = columns.map((column, n) => `m.goc_o${n}${cast} = c.${identifier(column)}${cast}`)
    const again = columns.map((_, n) => `x.goc_n${n} = m.goc_o${n}`)
    const rows = where === null ? sourceOf(child) : `(SELECT * FROM ${sourceOf(child)} WHERE ${where}\n)`
    // What is the new value of one row as well as the old one of another may be found.
    return `  SELECT format('%s rows of %s still refer to rows that are gone', count(*), ${quoteLiteral(relationOf(child))})
  INTO goc_text FROM ${rows} AS c JOIN ${moved} AS m ON ${equal.join(' AND ')}
  WHERE NOT EXISTS (SELECT FROM ${moved} AS x WHERE ${again.join(' AND ')}) HAVING count(*) > 0;
${stop('This is a defect of goc-audit or the work of a trigger; nothing has been changed.')}`
  })
  return step(
    'Verify: no row lost, no reference left behind, no deferred check pending.',
    [...counts, 'SET CONSTRAINTS ALL IMMEDIATE', ...left],
    ['goc_text text'],
  )
}

/** Temporary tables go with the transaction; a view that rests on none of them would stay for the session. */
export function tidy(plan: Plan): Statement {
  const views = [
    ...plan.tables.flatMap((_, at) => [baseOf(at), nowOf(at)]),
    ...targetsOf(plan).map(({ at }) => moveOf(at)),
  ]
  return step('Nothing stays in the session.', [`DROP VIEW ${views.map((view) => `pg_temp.${view}`).join(', ')}`])
}
