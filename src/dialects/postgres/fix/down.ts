import type { Plan, PlanTable, PlanUniqueness } from '../../../model/plan.js'
import type { Phase, Statement } from '../../../model/script.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import { archivedTables, archiveOf, columnList, conflicts, idMap, planTable, schemaOf } from './archive.js'
import { oneAtATime, raise, settings, step } from './blocks.js'
import { indexRelation } from './constrain.js'
import { leavingsOf } from './leavings.js'
import { lockPlan } from './locks.js'
import { doBlock, relationOf, sourceOf } from './names.js'
import { restore } from './restore.js'
import { changedSince, eliminations } from './undo-conflicts.js'
import { undoObjects, undoOf } from './undo-views.js'

export function down(plan: Plan): Phase[] {
  return [
    {
      title: 'Restore what the migration removed and changed',
      comment: [
        'One transaction. A value that was written since stays and is listed; so does a row that is in the way.',
        'Children that were created since stay with the survivor; sequences are not set back.',
      ],
      transaction: 'own',
      statements: [
        ...settings(plan),
        begin(plan),
        lockAll(plan),
        dropIndexes(plan),
        step('Where the way back is worked out; gone with the transaction.', undoObjects(plan)),
        step('What was written since the migration stays as it is.', changedSince(plan)),
        eliminate(plan),
        list(plan),
        restore(plan),
        finish(plan),
      ],
    },
    {
      title: 'Tell what could not be restored',
      comment: ['After COMMIT: what could be restored is restored, and the client sees that not all of it was.'],
      transaction: 'outside',
      statements: [tell(plan)],
    },
  ]
}

function begin(plan: Plan): Statement {
  const name = quoteLiteral(plan.name)
  const columns = plan.tables.flatMap((table) =>
    table.columns.map((column) => `(${[relationOf(table), column.name, column.type].map(quoteLiteral).join(', ')})`),
  )
  return {
    comment: 'Has this plan run here, and are its tables as they were?',
    sql: doBlock(`DECLARE
  goc_plan record;
  goc_text text;
BEGIN
  PERFORM set_config('goc_audit.todo', 'no', true);
  PERFORM set_config('goc_audit.conflicts', '0', false);
${oneAtATime(plan)}
  IF to_regclass(${quoteLiteral(planTable(plan))}) IS NULL THEN
    RAISE NOTICE 'goc-audit: this plan has not run here, so there is nothing to undo';
    RETURN;
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    ${raise(`'goc-audit: this transaction runs at ' || current_setting('transaction_isolation')`, 'Run it at READ COMMITTED.')}
  END IF;
  SELECT p.* INTO goc_plan FROM ${planTable(plan)} AS p WHERE p.name = ${name};
  IF NOT FOUND OR goc_plan.state = 'undone' THEN
    goc_text := (SELECT nullif(count(*), 0)::text FROM ${conflicts(plan)} WHERE plan = ${name});
    IF goc_text IS NOT NULL THEN
      RAISE WARNING USING MESSAGE = 'goc-audit: undone already, but for ' || goc_text || ' values or rows that are listed in ' || ${quoteLiteral(conflicts(plan))};
    ELSE
      RAISE NOTICE 'goc-audit: there is nothing to undo (any more)';
    END IF;
    RETURN;
  END IF;
  IF goc_plan.hash <> ${quoteLiteral(plan.hash)} THEN
    ${raise(`'goc-audit: another plan named ' || ${name} || ' has run here'`, 'Undo it with its own down file.')}
  END IF;
  SELECT string_agg(format('%s.%I', e.relation, e.name), ', ') INTO goc_text
  FROM (VALUES ${columns.join(',\n      ')}) AS e(relation, name, type)
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = to_regclass(e.relation) AND a.attname = e.name
    AND NOT a.attisdropped AND format_type(a.atttypid, a.atttypmod) = e.type);
  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: columns are gone or have another type since: ' || goc_text`, 'Undo later migrations first.')}
  END IF;
  PERFORM set_config('goc_audit.todo', 'yes', true);
END`),
  }
}

function lockAll(plan: Plan): Statement {
  const unique = new Set(plan.uniqueness.map(({ table }) => table))
  return step('The constraint goes, for which readers of its table wait too; writers of the other tables wait.', [
    lockPlan(plan, unique),
  ])
}

function dropIndexes(plan: Plan): Statement {
  const drops = [
    ...plan.uniqueness.map((index) => dropIndex(plan, index)),
    ...leavingsOf(plan).map(({ index }) => `DROP INDEX IF EXISTS ${index}`),
  ]
  return step(
    'What the migration built, and nothing that was there before.',
    [`  SELECT p.* INTO goc_plan FROM ${planTable(plan)} AS p WHERE p.name = ${quoteLiteral(plan.name)};`, ...drops],
    ['goc_plan record'],
  )
}

function dropIndex(plan: Plan, index: PlanUniqueness): string {
  const relation = relationOf(plan.tables[index.table] as PlanTable)
  return `  IF ${quoteLiteral(index.name)} = ANY (goc_plan.indexes) THEN
    ALTER TABLE ${relation} DROP CONSTRAINT IF EXISTS ${identifier(index.name)};
    DROP INDEX IF EXISTS ${indexRelation(plan, index)};
  END IF;`
}

function eliminate(plan: Plan): Statement {
  return step(
    'What can not come back because of it: a key or an id that another row has now, a parent that is gone. Until nothing more is found.',
    [
      `  LOOP
  goc_new := 0;
${eliminations(plan).join('\n')}
  EXIT WHEN goc_new = 0;
  END LOOP;`,
    ],
    ['goc_found bigint', 'goc_new bigint'],
  )
}

/** Into the conflict table, with the value that was archived and the one that is there now. */
function list(plan: Plan): Statement {
  const inserts = archivedTables(plan).map((at) => {
    const table = plan.tables[at] as PlanTable
    const key = (alias: string) =>
      table.primaryKey.length === 0
        ? `ROW(${columnList(table, `${alias}.`)})::text`
        : `jsonb_build_object(${table.primaryKey.map((column) => `${quoteLiteral(column)}, ${alias}.${identifier(column)}`).join(', ')})::text`
    const raw = `(SELECT tableoid AS goc_oid, ctid AS goc_tid, ${columnList(table)} FROM ${sourceOf(table)})`
    return `INSERT INTO ${conflicts(plan)} (plan, number, table_schema, table_name, row_key, column_name, reason, archived, found)
  SELECT ${quoteLiteral(plan.name)}, (SELECT count(*) FROM ${conflicts(plan)} WHERE plan = ${quoteLiteral(plan.name)}) + row_number() OVER (ORDER BY r.goc_row, r.goc_column),
    ${quoteLiteral(table.schema)}, ${quoteLiteral(table.name)}, ${key('o')}, r.goc_column, r.goc_reason,
    CASE WHEN r.goc_column IS NULL THEN (to_jsonb(o.*) - 'goc_row' - 'goc_state')::text ELSE to_jsonb(o.*) ->> r.goc_column END,
    CASE WHEN r.goc_column IS NULL THEN r.goc_found ELSE coalesce(to_jsonb(t.*) ->> r.goc_column, r.goc_found) END
  FROM (SELECT DISTINCT ON (goc_at, goc_row, goc_column) * FROM goc_reason ORDER BY goc_at, goc_row, goc_column, goc_found) AS r
  JOIN ${archiveOf(plan, at)} AS o ON o.goc_row = r.goc_row AND o.goc_state IN ('before', 'removed')
  LEFT JOIN ${undoOf(at)} AS u ON u.goc_row = r.goc_row
  LEFT JOIN ${raw} AS t ON t.goc_oid = u.goc_oid AND t.goc_tid = u.goc_tid
  WHERE r.goc_at = ${at}`
  })
  return step('What is not restored, for people to look at.', [
    `DELETE FROM ${conflicts(plan)} WHERE plan = ${quoteLiteral(plan.name)}`,
    ...inserts,
    `PERFORM set_config('goc_audit.conflicts', (SELECT count(*) FROM ${conflicts(plan)} WHERE plan = ${quoteLiteral(plan.name)})::text, false)`,
  ])
}

function finish(plan: Plan): Statement {
  return step('Undone. The archive stays until the cleanup file runs.', [
    `DELETE FROM ${idMap(plan)} WHERE plan = ${quoteLiteral(plan.name)}`,
    `UPDATE ${planTable(plan)} SET state = 'undone', indexes = '{}', undone_at = clock_timestamp() WHERE name = ${quoteLiteral(plan.name)}`,
  ])
}

function tell(plan: Plan): Statement {
  return {
    comment: null,
    sql: doBlock(`BEGIN
  IF coalesce(nullif(current_setting('goc_audit.conflicts', true), ''), '0') <> '0' THEN
    ${raise(
      `'goc-audit: ' || current_setting('goc_audit.conflicts') || ' values or rows were not restored, because of what was written since; all others were'`,
      `Both values of each are in ${conflicts(plan)}. Running this file again changes nothing.`,
    )}
  END IF;
END`),
  }
}

/** Drops the archive of this plan, and the schema with the last of them. */
export function cleanup(plan: Plan): Phase[] {
  const name = quoteLiteral(plan.name)
  const shared = [conflicts(plan), idMap(plan), planTable(plan)]
  const drop =
    plan.archive === 'public'
      ? ''
      : `
    BEGIN
      DROP SCHEMA ${schemaOf(plan)};
    EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN
      RAISE NOTICE 'goc-audit: the schema of the archive stays, since there is something else in it';
    END;`
  return [
    {
      title: 'Remove the archive',
      comment: ['After this there is no way back. Of the migration only the unique index stays.'],
      transaction: 'own',
      statements: [
        {
          comment: null,
          sql: doBlock(`DECLARE
  goc_hash text;
BEGIN
${oneAtATime(plan)}
  IF to_regclass(${quoteLiteral(planTable(plan))}) IS NULL THEN
    RAISE NOTICE 'goc-audit: there is no archive here';
    RETURN;
  END IF;
  SELECT p.hash INTO goc_hash FROM ${planTable(plan)} AS p WHERE p.name = ${name};
  IF goc_hash IS DISTINCT FROM ${quoteLiteral(plan.hash)} THEN
    RAISE NOTICE 'goc-audit: this plan has no archive here';
    RETURN;
  END IF;
${archivedTables(plan)
  .map((at) => `  DROP TABLE IF EXISTS ${archiveOf(plan, at)};`)
  .join('\n')}
${shared.map((table) => `  DELETE FROM ${table} WHERE ${table.endsWith('.plan') ? 'name' : 'plan'} = ${name};`).join('\n')}
  IF NOT EXISTS (SELECT FROM ${planTable(plan)}) THEN
${shared.map((table) => `    DROP TABLE ${table};`).join('\n')}${drop}
  END IF;
END`),
        },
      ],
    },
  ]
}
