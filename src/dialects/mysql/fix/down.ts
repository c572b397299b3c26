import type { Plan } from '../../../model/plan.js'
import type { Phase, Statement } from '../../../model/script.js'
import { quoteLiteral } from '../sql-text.js'
import { beforeOf, commit, countRows } from './apply.js'
import { archivedTables, archiveOf, builtTable, conflicts, createArchive, idMap, planTable } from './archive.js'
import { begin, check, end, type Flavour, plain, run, runAll, stop } from './blocks.js'
import { hasTable } from './catalog-sql.js'
import { listConflicts } from './conflict-list.js'
import { dropIndexes } from './leavings.js'
import { lock, lockTables } from './locks.js'
import { relationOf } from './names.js'
import { countConflicts, lostColumns, preflightTables, readColumns, readState } from './preflight.js'
import { restore } from './restore.js'
import { inRounds } from './rounds.js'
import { eliminated, eliminations } from './undo-conflicts.js'
import { fillUndo, undoTables } from './undo-views.js'

/** Rounds after which nothing more may be found that can't come back. */
const MOST_ROUNDS = 16

export function down(plan: Plan, flavour: Flavour): Phase {
  const ws = plan.archive
  const tables = archivedTables(plan)
  const temporary = [
    ...preflightTables(plan),
    ...undoTables(plan, ws).map((sql) => /^CREATE TEMPORARY TABLE (\S+)/.exec(sql)?.[1] ?? ''),
  ]
  const name = quoteLiteral(plan.name)
  return {
    title: 'Restore what the migration removed and changed',
    comment: [
      'One transaction. A value that was written since stays and is listed; so does a row that is in the way.',
      'Children that were created since stay with the survivor; AUTO_INCREMENT is not set back.',
    ],
    transaction: 'outside',
    statements: [
      ...begin(plan, flavour),
      ...mayUndo(plan),
      ...runAll('Tables that are locked have to be there.', createArchive(plan), 'TRUE'),
      ...runAll('Where the way back is worked out; gone with the session.', [
        `DROP TEMPORARY TABLE IF EXISTS ${temporary.slice(2).join(', ')}`,
        ...undoTables(plan, ws),
      ]),
      ...lock(plan, flavour),
      ...dropIndexes(plan),
      // Nothing has been looked at yet.
      lockTables(
        plan,
        'Once more: after an ALTER TABLE, MySQL no longer has the locks that foreign keys in a circle need. Whoever writes in between finds the key open, as it is from now on.',
      ),
      ...run(null, countRows(plan, beforeOf)),
      ...runAll(
        'What was written since the migration stays as it is.',
        tables.flatMap((at) => fillUndo(plan, ws, at)),
      ),
      {
        comment:
          'What can not come back because of it: a key or an id that another row has now, a parent that is gone. Until nothing more is found.',
        sql: 'SET @goc_round = 1, @goc_more = 1',
      },
      ...inRounds(eliminations(plan, ws), eliminated(plan, ws), MOST_ROUNDS),
      ...listConflicts(plan, ws),
      ...restore(plan, ws),
      ...run(
        'Undone. The archive stays until the cleanup file runs.',
        `DELETE FROM ${idMap(plan)} WHERE plan = ${name}`,
      ),
      ...run(
        null,
        `UPDATE ${planTable(plan)} SET state = 'undone', undone_at = CURRENT_TIMESTAMP(6) WHERE name = ${name}`,
      ),
      ...commit(),
      ...tellConflicts(plan),
      ...tidy(plan),
      ...end(plan, flavour, temporary),
    ],
  }
}

/** Has this plan run here, and are its tables as they were? */
function mayUndo(plan: Plan): Statement[] {
  const hash = quoteLiteral(plan.hash)
  const other = `SELECT CONCAT('another plan named ', ${quoteLiteral(plan.name)}, ' has run here') AS text FROM DUAL WHERE @goc_hash <> ${hash} AND @goc_state <> 'undone'`
  return [
    ...readState(plan),
    ...countConflicts(plan),
    plain('SET @goc_build = 0'),
    ...check(null, other, 'Undo it with its own down file.'),
    plain("SET @goc_todo = @goc_todo AND COALESCE(@goc_state <> 'undone', 0)"),
    ...run(
      null,
      `SELECT CONCAT('undone already, but for ', @goc_conflicts, ' values or rows that are listed in ', ${quoteLiteral(conflicts(plan))}) AS \`goc-audit\``,
      "@goc_state = 'undone' AND @goc_conflicts > 0",
    ),
    ...run(
      null,
      "SELECT 'there is nothing to undo' AS `goc-audit`",
      "@goc_problem IS NULL AND (@goc_state IS NULL OR @goc_state = 'undone' AND @goc_conflicts = 0)",
    ),
    ...readColumns(plan, '@goc_todo'),
    ...check(null, lostColumns(plan), 'Undo later migrations first.'),
    ...stop(plan),
  ]
}

/** After COMMIT: what could be restored is restored, and the client sees that not all of it was. */
function tellConflicts(plan: Plan): Statement[] {
  return check(
    'What could not be restored ends the run with an error, after all else is done.',
    "SELECT CONCAT(@goc_conflicts, ' values or rows were not restored, because of what was written since; all others were') AS text FROM DUAL WHERE @goc_conflicts > 0",
    `Both values of each are in ${conflicts(plan)}. Running this file again changes nothing.`,
  )
}

/** Takes away what nothing refers to any more: tables of plans that didn't run, and the database with the last of them. */
export function tidy(plan: Plan): Statement[] {
  const shared = { schema: plan.archive, name: 'plan' }
  const count = (where: string) => `(SELECT COUNT(*) FROM ${planTable(plan)}${where})`
  const drop = [conflicts(plan), idMap(plan), builtTable(plan), planTable(plan)]
  return [
    { comment: 'Of the archive nothing stays that nobody needs.', sql: 'UNLOCK TABLES' },
    plain('SET @goc_plans = 0, @goc_own = 0'),
    ...run(
      null,
      `SET @goc_plans = ${count('')}, @goc_own = ${count(` WHERE name = ${quoteLiteral(plan.name)}`)}`,
      hasTable(shared),
    ),
    ...runAll(
      null,
      archivedTables(plan).map((at) => `DROP TABLE IF EXISTS ${archiveOf(plan, at)}`),
      '@goc_own = 0',
    ),
    ...run(null, `DROP TABLE IF EXISTS ${drop.join(', ')}`, '@goc_plans = 0'),
  ]
}

/** Drops the archive of this plan, and the database with the last of them. */
export function cleanup(plan: Plan, flavour: Flavour): Phase {
  const name = quoteLiteral(plan.name)
  const own = `@goc_hash = ${quoteLiteral(plan.hash)}`
  const deletes = [conflicts(plan), idMap(plan), builtTable(plan)].map(
    (table) => `DELETE FROM ${table} WHERE plan = ${name}`,
  )
  return {
    title: 'Remove the archive',
    comment: ['After this there is no way back. Of the migration only the unique index stays.'],
    transaction: 'outside',
    statements: [
      ...begin(plan, flavour),
      ...readState(plan),
      ...run(
        null,
        "SELECT 'this plan has no archive here' AS `goc-audit`",
        `@goc_hash IS NULL OR @goc_hash <> ${quoteLiteral(plan.hash)}`,
      ),
      ...runAll(null, deletes, own),
      ...runAll(
        null,
        archivedTables(plan).map((at) => `DROP TABLE IF EXISTS ${archiveOf(plan, at)}`),
        own,
      ),
      ...run(null, `DELETE FROM ${planTable(plan)} WHERE name = ${name}`, own),
      ...tidy(plan),
      ...end(plan, flavour, [relationOf({ schema: plan.archive, name: 'goc_none' })]),
    ],
  }
}
