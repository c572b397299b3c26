import type { Table } from '../../model/catalog.js'
import type { Query, ReadTransaction } from './driver.js'
import { allRows, type Rows, whereClause } from './duplicates-exact.js'
import type { Key } from './duplicates-key.js'
import type { HashedKey } from './duplicates-screen.js'
import { explain, type PlanNode } from './oracle.js'

/** More groups than this are not looked up one by one in an index. */
const MOST_LOOKUPS = 1000

/** Rows whose hash is in the list (the text of a bigint[]). */
export function withHash(key: HashedKey, list: string): Rows {
  return { condition: `${key.hash.sql} = ANY ($1::bigint[])`, values: [list] }
}

/** Rows at places in the table (the text of a tid[]); in a snapshot they stay where they are. */
function atPlaces(list: string | null): Rows {
  return { condition: 'ctid = ANY ($1::tid[])', values: [list ?? '{}'] }
}

/** Places are columns too, which a role that may read only some columns can't see. */
export function hasPlaces({ kind, unreadableColumns }: Table): boolean {
  if (unreadableColumns.length > 0) return false
  return kind === 'table' || kind === 'partitioned-table' || kind === 'materialized-view'
}

export interface Wanted {
  readonly key: HashedKey
  /** Text of a bigint[]. */
  readonly list: string
}

/** Finds the rows of several keys of one FROM item in one scan, so that every later statement goes straight to them. */
export async function locate(query: Query, wanted: readonly Wanted[]): Promise<Rows[]> {
  const hits = wanted.map(({ key }, at) => {
    const conditions = [...key.conditions, `${key.hash.sql} = ANY ($${at + 1}::bigint[])`]
    return `(${conditions.join(' AND ')})`
  })
  const flags = hits.map((hit, at) => `${hit} AS hit${at}`)
  const lists = hits.map((_, at) => `array_agg(place) FILTER (WHERE hit${at})::text AS list${at}`)
  const [row] = await query<Record<string, string | null>>(
    `SELECT ${lists.join(', ')}
     FROM (SELECT ctid AS place, ${flags.join(', ')} FROM ${wanted[0]?.key.from} WHERE ${hits.join(' OR ')}) AS r`,
    wanted.map(({ list }) => list),
  )
  return wanted.map((_, at) => atPlaces(row?.[`list${at}`] ?? null))
}

/** Whether the planner would group by reading an index in its order, left to itself. */
export async function readsIndex(transaction: ReadTransaction, key: Key): Promise<boolean> {
  if (key.values.some(({ groupsNulls, type }) => groupsNulls || type.equality === null)) return false
  const plan = await explain(transaction, groupsSql(key))
  return !(plan instanceof Error) && scansIndex(plan)
}

function scansIndex(node: PlanNode): boolean {
  return /^Index (Only )?Scan$/.test(node['Node Type']) || (node.Plans ?? []).some(scansIndex)
}

function groupsSql(key: Key): string {
  const columns = key.values.map(({ sql }, at) => `${sql} AS k${at}`)
  const names = key.values.map((_, at) => `k${at}`).join(', ')
  return `SELECT ${names} FROM (SELECT ${columns.join(', ')} FROM ${key.from} ${whereClause(key, allRows)}) AS r
    GROUP BY ${names} HAVING count(*) > 1`
}

/**
 * Groups found in an index, their rows looked up in it again. Null where there are too many groups for that, which
 * shows early, since an index gives its groups one by one.
 */
export async function locateByIndex(query: Query, key: Key, exists: boolean): Promise<Rows | 'none' | null> {
  const most = exists ? 1 : MOST_LOOKUPS + 1
  const equal = key.values.map(({ sql, type }, at) => `(${sql}) OPERATOR(${type.equality}) goc_audit_found.k${at}`)
  const conditions = [...key.conditions, ...equal].join(' AND ')
  const [row] = await query<{ groups: string; list: string | null }>(
    `WITH goc_audit_found AS MATERIALIZED (${groupsSql(key)} LIMIT ${most})
     SELECT (SELECT count(*) FROM goc_audit_found)::text AS groups, array_agg(place)::text AS list
     FROM goc_audit_found CROSS JOIN LATERAL (SELECT ctid AS place FROM ${key.from} WHERE ${conditions}) AS r`,
  )
  const groups = Number(row?.groups ?? 0)
  if (groups === 0) return 'none'
  return groups > MOST_LOOKUPS ? null : atPlaces(row?.list ?? null)
}
