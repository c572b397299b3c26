import type { ReadTransaction } from './driver.js'
import { ask, keyColumns, keyNames, type Rows, stampSql, whereClause } from './duplicates-exact.js'
import { type HashedGroups, hashesSql, summarySql } from './duplicates-groups.js'
import type { ComparedColumn, CountedKeySet } from './duplicates-key.js'
import type { HashedKey } from './duplicates-screen.js'

/**
 * Of a table where nearly every row is in a group, without storing its rows: they are told apart by a hash of the
 * compared columns. Different hashes prove a group divergent; of the others, it is left open.
 */
export function describeCrowd(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  key: HashedKey,
  rows: Rows,
  samples: number,
): Promise<HashedGroups> {
  const names = keyNames(key)
  const sql = `WITH groups AS MATERIALIZED (
      SELECT ${names}, min(h) AS h, count(*) AS n, count(s) AS q, min(s) AS f, max(s) AS l, min(v) = max(v) AS alike
      FROM (SELECT ${keyColumns(key)}, ${key.hash.sql} AS h, ${rowHash(counted.compared)} AS v, ${stampSql(counted)} AS s
            FROM ${key.from} ${whereClause(key, rows)}) AS r
      GROUP BY ${names} HAVING count(*) > 1
    )
    ${summarySql(counted, hashesSql(counted, samples))}`
  return ask(transaction, sql, rows.values)
}

/** Columns whose type has no hash are left out: equal rows must hash alike. */
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
