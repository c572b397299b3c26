import type { Plan, PlanTable, PlanUniqueness } from '../../../model/plan.js'
import type { Statement } from '../../../model/script.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import { planTable } from './archive.js'
import { raise, step } from './blocks.js'
import { leavingsOf, setAside } from './leavings.js'
import { lockAlone } from './locks.js'
import { doBlock, relationOf, sourceOf } from './names.js'

const tableOf = (plan: Plan, { table }: PlanUniqueness): PlanTable => plan.tables[table] as PlanTable

/** The index in the schema of its table. */
export const indexRelation = (plan: Plan, index: PlanUniqueness): string =>
  `${identifier(tableOf(plan, index).schema)}.${identifier(index.name)}`

function definition({ members, nullsNotDistinct, predicate }: PlanUniqueness): string {
  return `(${members})${nullsNotDistinct ? ' NULLS NOT DISTINCT' : ''}${predicate === null ? '' : ` WHERE ${predicate}`}`
}

/** Builds the indexes inside the transaction, unless the same index is there already, whatever its name. */
export function buildIndexes(plan: Plan): Statement[] {
  const built = plan.uniqueness.map((index, n) =>
    step(
      `Uniqueness for ${index.keySet}. An index of that definition that is there already serves; what an interrupted build left behind goes.`,
      [buildOne(plan, index, n)],
      ['goc_name text', 'goc_left record'],
    ),
  )
  return [
    step('The plan has run, as far as rows are concerned.', [
      `INSERT INTO ${planTable(plan)} (name, hash, state) VALUES (${quoteLiteral(plan.name)}, ${quoteLiteral(plan.hash)}, 'merged')
  ON CONFLICT (name) DO UPDATE SET hash = EXCLUDED.hash, state = EXCLUDED.state, indexes = '{}', applied_at = clock_timestamp(), undone_at = NULL`,
    ]),
    ...built,
  ]
}

function buildOne(plan: Plan, index: PlanUniqueness, n: number): string {
  const table = tableOf(plan, index)
  const relation = relationOf(table)
  const name = quoteLiteral(index.name)
  const own = quoteLiteral(indexRelation(plan, index))
  return `  CREATE TEMPORARY TABLE goc_like_${n} (LIKE ${relation}) ON COMMIT DROP;
  CREATE UNIQUE INDEX goc_wanted_${n} ON goc_like_${n} ${definition(index)};
  SELECT h.indexrelid::regclass::text INTO goc_name
  FROM pg_catalog.pg_index AS h JOIN pg_catalog.pg_index AS w ON w.indexrelid = 'pg_temp.goc_wanted_${n}'::regclass
  WHERE h.indrelid = '${relation.replaceAll("'", "''")}'::regclass AND h.indisunique AND h.indisvalid AND h.indisready AND h.indimmediate
    AND ${shape('h')} = ${shape('w')} LIMIT 1;
  IF goc_name IS NOT NULL THEN
    RAISE NOTICE 'goc-audit: % is there already and does the same', goc_name;
  ELSE
    SELECT c.relkind, i.indisvalid, i.indrelid::regclass AS on_table INTO goc_left
    FROM pg_catalog.pg_class AS c LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
    WHERE c.oid = to_regclass(${own});
    IF FOUND AND (goc_left.indisvalid IS DISTINCT FROM false OR goc_left.on_table <> '${relation.replaceAll("'", "''")}'::regclass) THEN
      ${raise(`'goc-audit: there is something else named ' || ${name}`, 'Rename it, or let goc-audit write the migration again.')}
    ELSIF FOUND THEN
      ${setAside(plan, index)};
    END IF;
    CREATE UNIQUE INDEX ${identifier(index.name)} ON ${relation} ${definition(index)};
    UPDATE ${planTable(plan)} SET indexes = indexes || ${name}::text WHERE name = ${quoteLiteral(plan.name)};
  END IF;`
}

/** Everything about an index that decides which rows it calls equal. */
function shape(alias: string): string {
  return `(SELECT (jsonb_build_object('parts', (SELECT jsonb_agg(pg_get_indexdef(${alias}.indexrelid, k, false) ORDER BY k) FROM generate_series(1, ${alias}.indnkeyatts) AS k),
      'collations', ${alias}.indcollation::text, 'classes', ${alias}.indclass::text, 'predicate', pg_get_expr(${alias}.indpred, ${alias}.indrelid),
      'nulls', coalesce((to_jsonb(${alias}) ->> 'indnullsnotdistinct')::bool, false)))::text)`
}

/** A short transaction of its own, since readers wait for it: the index becomes a constraint, and what only helped goes. */
export function attach(plan: Plan): Statement {
  const name = quoteLiteral(plan.name)
  const constraints = plan.uniqueness.filter(({ constraint }) => constraint)
  const leavings = leavingsOf(plan)
  const tables = [
    ...constraints.map((index) => [isMissing(plan, index), sourceOf(tableOf(plan, index))]),
    ...leavings.map(({ table, index }) => [`to_regclass(${quoteLiteral(index)}) IS NOT NULL`, sourceOf(table)]),
  ].map(([when, table]) => `    (${quoteLiteral(table ?? '')}, ${when})`)
  return {
    comment: 'Does nothing where it has run already. What is verified here is what protects from now on.',
    sql: doBlock(`DECLARE
  goc_plan record;
  goc_tables text[];
BEGIN
  IF to_regclass(${quoteLiteral(planTable(plan))}) IS NULL THEN RETURN; END IF;
  SELECT p.* INTO goc_plan FROM ${planTable(plan)} AS p
  WHERE p.name = ${name} AND p.hash = ${quoteLiteral(plan.hash)} AND p.state IN ('merged', 'applied');
  IF NOT FOUND THEN RETURN; END IF;
  SELECT array_agg(DISTINCT t.name) INTO goc_tables FROM (VALUES
${tables.join(',\n')}
  ) AS t(name, needed) WHERE t.needed;
  IF goc_tables IS NOT NULL THEN
${lockAlone('goc_tables')}
  END IF;
${[...constraints.map((index) => addConstraint(plan, index)), ...leavings.map(({ index }) => `  DROP INDEX IF EXISTS ${index};`), ...plan.uniqueness.map((index) => checkIndex(plan, index))].join('\n')}
  UPDATE ${planTable(plan)} SET state = 'applied' WHERE name = ${name} AND state = 'merged';
END`),
  }
}

function isMissing(plan: Plan, index: PlanUniqueness): string {
  const name = quoteLiteral(index.name)
  return `${name} = ANY (goc_plan.indexes) AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_constraint AS c WHERE c.conrelid = ${regclass(plan, index)} AND c.conname = ${name})`
}

function addConstraint(plan: Plan, index: PlanUniqueness): string {
  const name = identifier(index.name)
  return `  IF ${isMissing(plan, index)} THEN
    ALTER TABLE ${relationOf(tableOf(plan, index))} ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name};
  END IF;`
}

function checkIndex(plan: Plan, index: PlanUniqueness): string {
  return `  IF ${quoteLiteral(index.name)} = ANY (goc_plan.indexes) AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i WHERE i.indexrelid = to_regclass(${quoteLiteral(indexRelation(plan, index))})
      AND i.indrelid = ${regclass(plan, index)} AND i.indisunique AND i.indisvalid) THEN
    ${raise(`'goc-audit: the index ' || ${quoteLiteral(index.name)} || ' is not there or not valid'`, 'Somebody dropped it meanwhile; undo this plan and run it again.')}
  END IF;`
}

const regclass = (plan: Plan, index: PlanUniqueness): string =>
  `${quoteLiteral(relationOf(tableOf(plan, index)))}::regclass`
