import type { Plan, PlanTable } from '../../../model/plan.js'
import { identifier, quoteLiteral } from '../sql-text.js'
import { shortName } from '../uniqueness.js'
import { writtenColumns } from './changes.js'
import { canLose, changedOf, mapOf, samePlace, sourceOf } from './names.js'

/** Positions of the tables of which something is archived. */
export function archivedTables(plan: Plan): number[] {
  return [...plan.tables.keys()].filter((at) => canLose(plan.tables[at]) || writtenColumns(plan, at).length > 0)
}

export const schemaOf = ({ archive }: Plan): string => identifier(archive)
export const planTable = (plan: Plan): string => `${schemaOf(plan)}.plan`
export const idMap = (plan: Plan): string => `${schemaOf(plan)}.id_map`
export const conflicts = (plan: Plan): string => `${schemaOf(plan)}.conflict`

/** The archive of one table, named after the plan. */
export function archiveName(plan: Plan, at: number): string {
  const table = plan.tables[at] as PlanTable
  return shortName(`${plan.name}_${at + 1}_${table.name}`, `${plan.hash}${at}`)
}

export const archiveOf = (plan: Plan, at: number): string => `${schemaOf(plan)}.${identifier(archiveName(plan, at))}`

export const columnList = (table: PlanTable, alias = ''): string =>
  table.columns.map(({ name }) => `${alias}${identifier(name)}`).join(', ')

/** `plan` (what ran), `id_map` (row that went → row that stayed), `conflict` (what the way back could not restore). */
function sharedTables(plan: Plan): readonly (readonly [name: string, columns: string])[] {
  return [
    [
      planTable(plan),
      `name text PRIMARY KEY, hash text NOT NULL, state text NOT NULL, indexes text[] NOT NULL DEFAULT '{}',
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(), undone_at timestamptz`,
    ],
    [
      idMap(plan),
      `plan text, table_schema text, table_name text, loser jsonb, survivor jsonb NOT NULL,
  PRIMARY KEY (plan, table_schema, table_name, loser)`,
    ],
    [
      conflicts(plan),
      `plan text, number bigint, table_schema text NOT NULL, table_name text NOT NULL, row_key text NOT NULL, column_name text,
  reason text NOT NULL, archived text, found text, PRIMARY KEY (plan, number)`,
    ],
  ]
}

/** Statements that make the archive: the shared tables, and per table the rows as they were, with types of their own. */
export function createArchive(plan: Plan): string[] {
  return [
    // Not IF NOT EXISTS, which asks for the right to create one even where it is there.
    `  IF to_regnamespace(${quoteLiteral(schemaOf(plan))}) IS NULL THEN
    CREATE SCHEMA ${schemaOf(plan)};
  END IF;`,
    ...sharedTables(plan).map(
      ([name, columns]) => `CREATE TABLE IF NOT EXISTS ${name} (
  ${columns})`,
    ),
    ...archivedTables(plan).map(
      (at) => `CREATE TABLE IF NOT EXISTS ${archiveOf(plan, at)} AS
  SELECT 0::bigint AS goc_row, ''::text AS goc_state, ${columnList(plan.tables[at] as PlanTable)}
  FROM ${sourceOf(plan.tables[at] as PlanTable)} WITH NO DATA`,
    ),
  ]
}

/** The same tables for a server that only receives their rows. */
export function archiveForSubscribers(plan: Plan): string {
  const archived = archivedTables(plan).map((at) => {
    const columns = plan.tables[at]?.columns.map(({ name, type }) => `${identifier(name)} ${type}`) ?? []
    return [
      archiveOf(plan, at),
      ['goc_row bigint', 'goc_state text', ...columns, 'PRIMARY KEY (goc_row, goc_state)'].join(', '),
    ] as const
  })
  const tables = [...sharedTables(plan), ...archived].map(
    ([name, columns]) => `CREATE TABLE IF NOT EXISTS ${name} (${columns.replaceAll(/\n */g, ' ')});`,
  )
  return [`CREATE SCHEMA IF NOT EXISTS ${schemaOf(plan)};`, ...tables].join(' ')
}

/**
 * Primary keys for archives that were just made; and nobody but their owner may read them, whatever default privileges
 * say: they hold rows that row security may hide elsewhere. Other tables in the schema are none of our business.
 */
export function closeArchive(plan: Plan): string {
  const own = [planTable(plan), idMap(plan), conflicts(plan), ...archivedTables(plan).map((at) => archiveOf(plan, at))]
  const list = own.map(quoteLiteral).join(', ')
  return `  FOREACH goc_name IN ARRAY ARRAY[${list}]::text[] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid = goc_name::regclass AND i.indisprimary) THEN
      EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (goc_row, goc_state)', goc_name);
    END IF;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', goc_name);
    FOR goc_one IN
      SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS role
      FROM pg_catalog.pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a
      WHERE c.oid = goc_name::regclass AND a.grantee <> c.relowner
    LOOP
      EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', goc_name, goc_one.role);
    END LOOP;
  END LOOP;`
}

/** Rows that go, survivors and rows that change, as they are before; and who stands for whom. */
export function fillArchive(plan: Plan): string[] {
  return archivedTables(plan).flatMap((at) => {
    const table = plan.tables[at] as PlanTable
    const raw = `(SELECT tableoid AS goc_oid, ctid AS goc_tid, ${columnList(table)} FROM ${sourceOf(table)}) AS t`
    const insert = `INSERT INTO ${archiveOf(plan, at)} (goc_row, goc_state, ${columnList(table)})`
    const kept = `${insert}
  SELECT c.goc_row, 'before', ${columnList(table, 't.')}
  FROM ${changedOf(at)} AS c JOIN ${raw} ON ${samePlace('t', 'c')}`
    if (!canLose(table)) return [kept]
    return [
      `${insert}
  SELECT row_number() OVER (ORDER BY l.goc_oid, l.goc_tid), 'removed', ${columnList(table, 't.')}
  FROM ${mapOf(at)} AS l JOIN ${raw} ON ${samePlace('t', 'l')}`,
      kept,
      ...mapIds(plan, at),
    ]
  })
}

function mapIds(plan: Plan, at: number): string[] {
  const { schema, name, primaryKey } = plan.tables[at] as PlanTable
  if (primaryKey.length === 0) return []
  const key = (alias: string) =>
    `jsonb_build_object(${primaryKey.map((column) => `${quoteLiteral(column)}, ${alias}.${identifier(column)}`).join(', ')})`
  const raw = (alias: string) =>
    `(SELECT tableoid AS goc_oid, ctid AS goc_tid, ${primaryKey.map(identifier).join(', ')} FROM ${sourceOf(plan.tables[at] as PlanTable)}) AS ${alias}`
  return [
    `INSERT INTO ${idMap(plan)} (plan, table_schema, table_name, loser, survivor)
  SELECT ${quoteLiteral(plan.name)}, ${quoteLiteral(schema)}, ${quoteLiteral(name)}, ${key('t')}, ${key('s')}
  FROM ${mapOf(at)} AS l JOIN ${raw('t')} ON ${samePlace('t', 'l')} JOIN ${raw('s')} ON ${samePlace('s', 'l', 'to')}`,
  ]
}
