import type { ReadTransaction } from './driver.js'
import {
  ask,
  describeGroups,
  type Groups,
  keyColumns,
  keyNames,
  type Rows,
  stampSql,
  whereClause,
  withinSecond,
} from './duplicates-exact.js'
import type { ComparedColumn, CountedKeySet } from './duplicates-key.js'
import { withHash } from './duplicates-locate.js'
import { type HashedKey, MOST_HASHES } from './duplicates-screen.js'

export interface DenseGroups extends Groups {
  /** The rows of the largest groups, for samples. */
  readonly largestRows: Rows
  /** The rows of the groups that are unsure. */
  readonly unsureRows: Rows
}

interface Answer extends Groups {
  readonly alike: string | null
  readonly loose: string | null
  readonly top: string | null
}

/**
 * For very many duplicate groups: rows are told apart by a hash of their columns, which costs no room. Different hashes
 * prove that a group is divergent; groups whose rows all hash alike are then compared column by column.
 */
export async function describeDense(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  key: HashedKey,
  rows: Rows,
  samples: number,
): Promise<DenseGroups> {
  const found = await ask<Answer>(transaction, denseSql(counted, key, rows, samples), rows.values)
  const describedBy = (list: string | null) => (list === null ? rows : withHash(key, list))
  const places = { largestRows: describedBy(found.top ?? '{}'), unsureRows: describedBy(found.loose) }
  // "identical" holds, so far, the groups whose rows hash alike.
  if (found.identical === 0) return { ...found, ...places }
  const { identical } = await describeGroups(transaction, counted, describedBy(found.alike))
  return { ...found, ...places, identical }
}

function denseSql(counted: CountedKeySet, key: HashedKey, rows: Rows, samples: number): string {
  const names = keyNames(key)
  const within = withinSecond(counted) ? `q >= 2 AND l - f <= interval '1 second'` : 'false'
  const loose = `q > 2 AND NOT (${within})`
  const texts = key.values.map((_, at) => `k${at}::text COLLATE "C"`).join(', ')
  return `WITH groups AS MATERIALIZED (
      SELECT ${names}, min(h) AS h, count(*) AS n, count(s) AS q, min(s) AS f, max(s) AS l, min(v) = max(v) AS alike
      FROM (SELECT ${keyColumns(key)}, ${key.hash.sql} AS h, ${rowHash(counted.compared)} AS v, ${stampSql(counted)} AS s
            FROM ${key.from} ${whereClause(key, rows)}) AS r
      GROUP BY ${names} HAVING count(*) > 1
    )
    SELECT json_build_object(
      'groups', count(*), 'surplus', coalesce(sum(n - 1), 0), 'largest', coalesce(max(n), 0),
      'identical', count(*) FILTER (WHERE alike), 'first', min(f), 'last', max(l),
      'born', count(*) FILTER (WHERE ${within}),
      'unsure', count(*) FILTER (WHERE ${loose}),
      'alike', ${hashesWhere('alike')}, 'loose', ${hashesWhere(loose)},
      'top', (SELECT array_agg(h)::text FROM (
         SELECT h FROM groups ORDER BY n DESC, ${texts} LIMIT ${Math.trunc(samples)}) AS t))::text AS answer
    FROM groups`
}

/** Null where there are too many. */
function hashesWhere(condition: string): string {
  const filter = `FILTER (WHERE ${condition})`
  return `CASE WHEN count(*) ${filter} <= ${MOST_HASHES} THEN coalesce(array_agg(h) ${filter}, '{}')::text END`
}

/** Columns whose type has no hash are left to the comparison that follows. */
function rowHash(compared: readonly ComparedColumn[]): string {
  let hash = '0::bigint'
  for (const { sql, notNull, type } of compared) {
    if (type.hash === null) continue
    hash = notNull
      ? type.hash(`(${sql})`, hash)
      : `pg_catalog.hashint8extended(coalesce(${type.hash(`(${sql})`, '1')}, 2), ${hash})`
  }
  return hash
}
