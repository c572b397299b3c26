import type { Plan, PlanTable } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { quoteLiteral } from '../sql-text.js'
import { archiveForSubscribers, planTable } from './archive.js'
import { oneAtATime, raise } from './blocks.js'
import { canLose, doBlock, relationOf } from './names.js'

const AGAIN = 'Let goc-audit write the migration again for this database.'

/** Decides whether there is anything to do here, and refuses where the structure isn't the one that was planned for. */
export function preflight(plan: Plan): Statement {
  return {
    comment: 'Is this the database that the plan was made for? Only its structure counts, never the number of rows.',
    sql: doBlock(`DECLARE
  goc_text text;
  goc_plan record;
BEGIN
  PERFORM set_config('goc_audit.todo', 'no', true);
${noTables(plan)}
${circumstances(plan)}
${state(plan)}
${structure(plan)}
${consequences(plan)}
  PERFORM set_config('goc_audit.todo', 'yes', true);
END`),
  }
}

const regclass = (table: Pick<PlanTable, 'schema' | 'name'>): string =>
  `to_regclass(${quoteLiteral(relationOf(table))})`

function noTables(plan: Plan): string {
  return `  IF ${plan.tables.map((table) => `${regclass(table)} IS NULL`).join(' AND ')} THEN
    RAISE WARNING 'goc-audit: none of the tables of this plan is here, so there is nothing to do';
    RETURN;
  END IF;`
}

function circumstances(plan: Plan): string {
  return `  IF current_setting('server_version_num')::int < 140000 THEN
    ${raise(`'goc-audit: this migration needs PostgreSQL 14 or newer'`, AGAIN)}
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    ${raise(
      `'goc-audit: this transaction runs at ' || current_setting('transaction_isolation')`,
      'Run it at READ COMMITTED: after the tables are locked it has to see what others have just written.',
    )}
  END IF;
${oneAtATime(plan)}`
}

function state(plan: Plan): string {
  const name = quoteLiteral(plan.name)
  return `  IF to_regclass(${quoteLiteral(planTable(plan))}) IS NOT NULL THEN
    SELECT p.* INTO goc_plan FROM ${planTable(plan)} AS p WHERE p.name = ${name};
    IF FOUND AND goc_plan.hash <> ${quoteLiteral(plan.hash)} AND goc_plan.state <> 'undone' THEN
      ${raise(
        `'goc-audit: another plan named ' || ${name} || ' has run here'`,
        'Undo it or run its cleanup file first, or give this plan another name with --name.',
      )}
    END IF;
    IF FOUND AND goc_plan.state <> 'undone' THEN
      RAISE NOTICE 'goc-audit: this plan has run here already (%)', goc_plan.applied_at;
      RETURN;
    END IF;
    IF FOUND AND EXISTS (SELECT FROM ${planTable(plan).replace(/\.plan$/, '.conflict')} AS c WHERE c.plan = ${name}) THEN
      ${raise(
        `'goc-audit: this plan was undone here, and rows that could not be restored are still in its archive'`,
        'Look at them in the conflict table of the archive, and run the cleanup file before this one.',
      )}
    END IF;
  END IF;`
}

/** Rows of what was planned, as VALUES. */
function structure(plan: Plan): string {
  const columns = plan.tables.flatMap((table) =>
    table.columns.map(({ name, type }) => `(${[relationOf(table), name, type].map(quoteLiteral).join(', ')})`),
  )
  const primaryKeys = plan.tables.map((table) => `(${quoteLiteral(relationOf(table))}, ${textArray(table.primaryKey)})`)
  return `  SELECT string_agg(m.what, '; ') INTO goc_text FROM (
    SELECT DISTINCT format('there is no table %s', e.relation) AS what
    FROM (VALUES ${columns.join(',\n      ')}) AS e(relation, name, type) WHERE to_regclass(e.relation) IS NULL
  ) AS m;
  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: ' || goc_text`, AGAIN)}
  END IF;
  WITH expected(relation, name, type) AS (VALUES ${columns.join(',\n      ')}),
  actual AS (
    SELECT r.relation, a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type
    FROM (SELECT DISTINCT relation FROM expected) AS r JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.relation::regclass
    WHERE a.attnum > 0 AND NOT a.attisdropped)
  SELECT string_agg(format('%s.%I is %s, planned was %s', coalesce(e.relation, a.relation), coalesce(e.name, a.name),
      coalesce(a.type, 'not there'), coalesce(e.type, 'no such column')), '; ') INTO goc_text
  FROM expected AS e FULL JOIN actual AS a USING (relation, name) WHERE e.type IS DISTINCT FROM a.type;
  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: the tables are not as planned: ' || goc_text`, AGAIN)}
  END IF;
  SELECT string_agg(format('the primary key of %s', e.relation), '; ') INTO goc_text
  FROM (VALUES ${primaryKeys.join(', ')}) AS e(relation, columns)
  WHERE e.columns IS DISTINCT FROM coalesce((SELECT array_agg(a.attname::text ORDER BY k.at) FROM pg_catalog.pg_index AS i
      CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, at)
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE i.indrelid = e.relation::regclass AND i.indisprimary AND k.at <= i.indnkeyatts), '{}');
  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: not as planned: ' || goc_text`, AGAIN)}
  END IF;${foreignKeys(plan)}`
}

/** A foreign key that nobody planned for would act on rows that go. */
function foreignKeys(plan: Plan): string {
  const losing = plan.tables.filter(canLose)
  if (losing.length === 0) return ''
  const oids = losing.map((table) => `${quoteLiteral(relationOf(table))}::regclass`).join(', ')
  const keys = plan.references.flatMap(({ from, to, columns: own, targets, foreignKey }) => {
    const [child, parent] = [plan.tables[from], plan.tables[to]]
    if (foreignKey === null || child === undefined || parent === undefined) return []
    return `(${quoteLiteral(relationOf(child))}::regclass, ${textArray(own)}, ${quoteLiteral(relationOf(parent))}::regclass, ${textArray(targets)})`
  })
  const expected = keys.length === 0 ? '' : `\n    EXCEPT SELECT * FROM (VALUES ${keys.join(',\n      ')}) AS e`
  return `
  SELECT string_agg(format('%s%s to %s%s', f.child, f.columns, f.parent, f.targets), '; ') INTO goc_text FROM (
    SELECT f.conrelid::regclass AS child, ${names('f.conkey', 'f.conrelid')} AS columns,
           f.confrelid::regclass AS parent, ${names('f.confkey', 'f.confrelid')} AS targets
    FROM pg_catalog.pg_constraint AS f
    WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confrelid IN (${oids})${expected}
  ) AS f;
  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: foreign keys that the plan does not know: ' || goc_text`, AGAIN)}
  END IF;`
}

const textArray = (names: readonly string[]): string => `ARRAY[${names.map(quoteLiteral).join(', ')}]::text[]`

const names = (numbers: string, relation: string): string =>
  `(SELECT array_agg(a.attname::text ORDER BY k.at) FROM unnest(${numbers}) WITH ORDINALITY AS k(attnum, at)
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = ${relation} AND a.attnum = k.attnum)`

/** What else would happen, or would keep it from happening. */
function consequences(plan: Plan): string {
  const all = plan.tables.map((table) => `${quoteLiteral(relationOf(table))}::regclass`).join(', ')
  return `  SELECT string_agg(format('%I on %s', r.rulename, r.ev_class::regclass), ', ') INTO goc_text
  FROM pg_catalog.pg_rewrite AS r WHERE r.ev_class IN (${all}) AND r.ev_type IN ('2', '4') AND r.rulename <> '_RETURN';
  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: rules change what UPDATE or DELETE does: ' || goc_text`, 'Drop the rules for the time of the migration, or clean these rows up by hand.')}
  END IF;
  SELECT string_agg(c.oid::regclass::text, ', ') INTO goc_text FROM pg_catalog.pg_class AS c
  WHERE c.oid IN (${all}) AND row_security_active(c.oid);
  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: row security hides rows from this role: ' || goc_text`, 'Run it as the owner of the tables, unless they have FORCE ROW LEVEL SECURITY, or as a role with BYPASSRLS.')}
  END IF;
  SELECT string_agg(c.oid::regclass::text, ', ') INTO goc_text FROM pg_catalog.pg_class AS c
  WHERE c.oid IN (${all}) AND NOT pg_has_role(c.relowner, 'USAGE');
  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: this role does not own ' || goc_text`, 'Run it as the owner of the tables.')}
  END IF;
  SELECT string_agg(DISTINCT format('%s (%I)', c.oid::regclass, p.pubname), ', ') INTO goc_text
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_publication AS p ON p.pubupdate OR p.pubdelete
  WHERE c.oid IN (${all}) AND (p.puballtables OR EXISTS (
      SELECT FROM pg_catalog.pg_publication_rel AS x WHERE x.prpubid = p.oid AND x.prrelid = c.oid))
    AND (c.relreplident = 'n' OR (c.relreplident = 'd'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary)));
  IF goc_text IS NOT NULL THEN
    ${raise(`'goc-audit: published without a replica identity, so that rows can not be removed: ' || goc_text`, 'ALTER TABLE … REPLICA IDENTITY FULL for the time of the migration.')}
  END IF;
  SELECT string_agg(quote_ident(p.pubname), ', ') INTO goc_text FROM pg_catalog.pg_publication AS p WHERE p.puballtables;
  IF goc_text IS NOT NULL AND coalesce(current_setting('goc_audit.accept', true), '') NOT LIKE '%publication%' THEN
    ${raise(
      `'goc-audit: ' || goc_text || ' publishes all tables, and so the archive: a subscriber that has no such tables stops replicating'`,
      `First run on each subscriber: ${archiveForSubscribers(plan)} Then run this file in a session with SET goc_audit.accept = 'publication', and ALTER SUBSCRIPTION … REFRESH PUBLICATION there afterwards; they need the unique index too.`,
    )}
  END IF;`
}
