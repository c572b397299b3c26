import type { Bench } from './fix-bench.js'

/** What a database holds, as text: two states are the same where nobody could tell them apart by SQL. */
export interface State {
  /** By table: its rows as PostgreSQL prints them, a line each (`\n` for a line feed inside), sorted. */
  readonly rows: Readonly<Record<string, readonly string[]>>
  /** Relations, columns, indexes, constraints, triggers, rules, sequences' positions. */
  readonly definitions: readonly string[]
}

/** Schemas of the application; `archive` is ours. */
const SCHEMAS = `n.nspname !~ '^pg_(catalog|toast)' AND n.nspname <> 'information_schema'`

/** The session's own temporary schema is looked at too: nothing may stay there. */
const RELATIONS = `
  SELECT c.oid, n.nspname AS schema, c.relname, c.relkind, c.relispartition, c.relreplident, c.relrowsecurity, c.relacl,
         c.oid::regclass::text AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${SCHEMAS} AND (n.nspname !~ '^pg_' OR n.oid = pg_my_temp_schema())`

const DEFINITIONS = `
  WITH relation AS (${RELATIONS})
  SELECT schema, text FROM (
    SELECT schema, format('%s %s %s %s %s', relkind, name, relreplident, relrowsecurity, relacl) AS text FROM relation
    UNION ALL
    SELECT schema, format('column %s.%I %s %s %s %s %s', name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                          a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
    FROM relation JOIN pg_attribute a ON a.attrelid = relation.oid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND relkind IN ('r', 'p')
    UNION ALL
    SELECT schema, format('%s valid %s ready %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready)
    FROM relation JOIN pg_index i ON i.indexrelid = relation.oid
    UNION ALL
    SELECT schema, format('%s %I %s validated %s', name, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
    FROM relation JOIN pg_constraint k ON k.conrelid = relation.oid
    UNION ALL
    SELECT schema, format('%s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM relation JOIN pg_trigger t ON t.tgrelid = relation.oid WHERE NOT t.tgisinternal
    UNION ALL
    SELECT schema, pg_get_ruledef(r.oid) FROM relation JOIN pg_rewrite r ON r.ev_class = relation.oid
    UNION ALL
    SELECT schemaname, format('%I.%I at %s', schemaname, sequencename, last_value) FROM pg_sequences
    UNION ALL
    SELECT n.nspname, format('schema %I %s', n.nspname, n.nspacl) FROM pg_namespace n WHERE ${SCHEMAS} AND n.nspname !~ '^pg_'
  ) AS d ORDER BY 1, 2`

const TABLES = `SELECT schema, name, relkind = 'p' AS partitioned FROM (${RELATIONS}) AS r
  WHERE relkind IN ('r', 'p') AND NOT relispartition ORDER BY name`

export async function stateOf(
  bench: Pick<Bench, 'query'>,
): Promise<{ readonly application: State; readonly archive: State }> {
  const tables = await bench.query<{ schema: string; name: string; partitioned: boolean }>(TABLES)
  const definitions = await bench.query<{ schema: string; text: string }>(DEFINITIONS)
  const arms = tables.map(
    ({ name, partitioned }, at) =>
      `SELECT ${at} AS at, "a row" AS value FROM (SELECT "each"::text FROM ${partitioned ? '' : 'ONLY '}${name} AS "each") AS q("a row")`,
  )
  const all =
    arms.length === 0 ? [] : await bench.query<{ at: number; value: string }>(`${arms.join(' UNION ALL ')} ORDER BY 1`)
  const rows = new Map(tables.map(({ name }) => [name, [] as string[]]))
  for (const { at, value } of all) rows.get(tables[at]?.name ?? '')?.push(value.replaceAll('\n', '\\n'))
  const part = (ours: boolean): State => ({
    rows: Object.fromEntries(
      tables
        .filter(({ schema }) => (schema === 'goc_audit') === ours)
        .map(({ name }) => [name, [...(rows.get(name) ?? [])].sort()]),
    ),
    definitions: definitions.filter(({ schema }) => (schema === 'goc_audit') === ours).map(({ text }) => text),
  })
  return { application: part(false), archive: part(true) }
}
