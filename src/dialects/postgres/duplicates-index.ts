import type { Index, Table } from '../../model/catalog.js'
import type { Query, ReadTransaction } from './driver.js'
import { ask, type Rows, whereClause } from './duplicates-exact.js'
import type { Key } from './duplicates-key.js'
import { atPlaces } from './duplicates-locate.js'
import { explain, type PlanNode } from './oracle.js'
import { quoteIdentifier, quoteLiteral } from './sql-text.js'

/** More groups than this are not looked up one by one in an index. */
const MOST_LOOKUPS = 1000

/** Name of the index in whose order the planner, left to itself, would group; null where it would read the table. */
export async function groupingIndex(transaction: ReadTransaction, key: Key): Promise<string | null> {
  if (key.values.some(({ groupsNulls, type }) => groupsNulls || type.equality === null)) return null
  const plan = await explain(transaction, groupsSql(key, null))
  return plan instanceof Error ? null : indexOf(plan)
}

function indexOf(node: PlanNode & { readonly 'Index Name'?: string }): string | null {
  if (/^Index (Only )?Scan$/.test(node['Node Type'])) return node['Index Name'] ?? ''
  for (const child of node.Plans ?? []) {
    const name = indexOf(child)
    if (name !== null) return name
  }
  return null
}

function groupsSql(key: Key, condition: string | null): string {
  const columns = key.values.map(({ sql }, at) => `${sql} AS k${at}`)
  const names = key.values.map((_, at) => `k${at}`).join(', ')
  return `SELECT ${names} FROM (SELECT ${columns.join(', ')} FROM ${key.from} ${whereClause(key, { condition, values: [] })}) AS r
    GROUP BY ${names} HAVING count(*) > 1`
}

/**
 * Groups found in an index, their rows looked up in it again. Null where there are too many groups for that, which
 * shows early, since an index gives its groups one by one. `middle` is a condition that halves the work for two processes.
 */
export async function locateByIndex(
  query: Query,
  key: Key,
  { exists, middle }: { readonly exists: boolean; readonly middle: string | null },
): Promise<Rows | 'none' | null> {
  const most = exists ? 1 : MOST_LOOKUPS + 1
  const names = key.values.map((_, at) => `k${at}`).join(', ')
  const parts = middle === null ? [null] : [middle, `NOT (${middle})`]
  const equal = key.values.map(({ sql, type }, at) => `(${sql}) OPERATOR(${type.equality}) goc_audit_found.k${at}`)
  const conditions = [...key.conditions, ...equal].join(' AND ')
  const [row] = await query<{ groups: string; list: string | null }>(
    // The limit stands apart, or the planner would think that a process for each half doesn't pay.
    `WITH goc_audit_groups AS MATERIALIZED (
       SELECT ${names} FROM (${parts.map((part) => groupsSql(key, part)).join(' UNION ALL ')}) AS g
     ), goc_audit_found AS MATERIALIZED (SELECT ${names} FROM goc_audit_groups LIMIT ${most})
     SELECT (SELECT count(*) FROM goc_audit_found)::text AS groups, array_agg(place)::text AS list
     FROM goc_audit_found CROSS JOIN LATERAL (SELECT ctid AS place FROM ${key.from} WHERE ${conditions}) AS r`,
  )
  const groups = Number(row?.groups ?? 0)
  if (groups === 0) return 'none'
  return groups > MOST_LOOKUPS ? null : atPlaces(row?.list ?? null)
}

/** A condition that about half of the index's first part meets, from the planner's histogram; null without one. */
export async function middleOf(
  transaction: ReadTransaction,
  table: Table,
  key: Key,
  indexName: string,
): Promise<string | null> {
  const column = firstColumn(table, indexName)
  const known = table.columns.find(({ name }) => name === column)
  const isKey = key.values.some(({ sql }) => column !== null && sql === quoteIdentifier(column))
  if (known === undefined || !isKey) return null
  const middle = await ask<string | null>(
    transaction,
    `SELECT to_json((SELECT bounds[(cardinality(bounds) + 1) / 2] FROM (
       SELECT histogram_bounds::text::text[] AS bounds FROM pg_stats
       WHERE schemaname = $1 AND tablename = $2 AND attname = $3 AND NOT inherited) AS h))::text AS answer`,
    [table.schema, table.name, known.name],
  )
  return middle === null ? null : `${quoteIdentifier(known.name)} < ${quoteLiteral(middle)}::${known.type}`
}

function firstColumn({ indexes }: Table, name: string): string | null {
  const index: Index | undefined = indexes.find((each) => each.name === name)
  return index?.parts[0]?.column ?? null
}
