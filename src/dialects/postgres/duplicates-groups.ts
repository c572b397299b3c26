import type { ReadTransaction } from './driver.js'
import {
  ask,
  keyColumns,
  keyNames,
  type Rows,
  SECOND,
  stampSql,
  whereClause,
  withinSecond,
} from './duplicates-exact.js'
import type { ComparedColumn, CountedKeySet } from './duplicates-key.js'
import { type HashedKey, isHashed, MOST_HASHES } from './duplicates-screen.js'

/** What is told of all duplicate groups of a key set together. */
export interface Groups {
  readonly groups: number
  readonly surplus: number
  readonly largest: number
  readonly identical: number
  readonly first: string | null
  readonly last: string | null
  /** Groups in which some two rows are surely within a second. */
  readonly born: number
  /** Groups of three rows or more in which it takes a closer look. */
  readonly unsure: number
}

/** Hashes of some groups' keys, each the text of a bigint[]; null where there are too many. */
export interface Hashes {
  /** Of the largest groups, as many as samples are wanted. */
  readonly largest: string
  readonly unsure: string | null
}

export interface HashedGroups extends Groups {
  readonly hashes: Hashes
}

/** Rows of one key that are alike in every compared column are a variant; a group with one variant is identical. */
export function describeGroups(transaction: ReadTransaction, counted: CountedKeySet, rows: Rows): Promise<Groups> {
  return ask(transaction, variantsSql(counted, rows, null), rows.values)
}

/** The same, with the hashes of those groups that later statements ask for. */
export function describeHashedGroups(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  samples: number,
): Promise<HashedGroups> {
  return ask(transaction, variantsSql(counted, rows, samples), rows.values)
}

export interface CrowdedGroups extends HashedGroups {
  /** Hashes of the groups whose rows all hash alike, which `identical` counts; null where there are too many. */
  readonly alike: string | null
}

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
): Promise<CrowdedGroups> {
  const names = keyNames(key)
  const sql = `WITH groups AS MATERIALIZED (
      SELECT ${names}, min(h) AS h, count(*) AS n, count(s) AS q, min(s) AS f, max(s) AS l, min(v) = max(v) AS alike
      FROM (SELECT ${keyColumns(key)}, ${key.hash.sql} AS h, ${rowHash(counted.compared)} AS v, ${stampSql(counted)} AS s
            FROM ${key.from} ${whereClause(key, rows)}) AS r
      GROUP BY ${names} HAVING count(*) > 1
    )
    ${summarySql(counted, samples)}`
  return ask(transaction, sql, rows.values)
}

function variantsSql(counted: CountedKeySet, rows: Rows, samples: number | null): string {
  const { lookup: key, compared } = counted
  const names = keyNames(key)
  const hash = samples !== null && isHashed(key) ? key.hash.sql : 'NULL::bigint'
  const columns = compared.map(({ sql }, at) => `, ${sql} AS c${at}`).join('')
  return `WITH variants AS (
      SELECT ${names}, min(h) AS h, count(*) AS n, count(s) AS q, min(s) AS f, max(s) AS l
      FROM (SELECT ${keyColumns(key)}${columns}, ${hash} AS h, ${stampSql(counted)} AS s
            FROM ${key.from} ${whereClause(key, rows)}) AS r
      GROUP BY ${[names, ...compared.map((_, at) => `c${at}`)].join(', ')}
    ), groups AS ${samples === null ? '' : 'MATERIALIZED '}(
      SELECT ${names}, min(h) AS h, sum(n::float8)::bigint AS n, sum(q::float8) AS q, min(f) AS f, max(l) AS l,
             count(*) = 1 AS alike
      FROM variants GROUP BY ${names} HAVING sum(n::float8) > 1
    )
    ${summarySql(counted, samples)}`
}

/** Over groups with k0 …, h, n rows, q stamps from f to l, alike or not. */
function summarySql(counted: CountedKeySet, samples: number | null): string {
  const within = withinSecond(counted) ? `q >= 2 AND l - f <= ${SECOND}` : 'false'
  const unsure = `q > 2 AND NOT (${within})`
  const texts = counted.lookup.values.map((_, at) => `k${at}::text COLLATE "C"`).join(', ')
  const largest = `SELECT h FROM groups ORDER BY n DESC, ${texts} LIMIT ${Math.trunc(samples ?? 0)}`
  const hashes = `, 'alike', ${hashesWhere('alike')}, 'hashes', json_build_object('unsure', ${hashesWhere(unsure)},
        'largest', (SELECT coalesce(array_agg(h), '{}')::text FROM (${largest}) AS t))`
  return `SELECT json_build_object(
      'groups', count(*), 'surplus', coalesce(sum(n - 1), 0), 'largest', coalesce(max(n), 0),
      'identical', count(*) FILTER (WHERE alike), 'first', min(f), 'last', max(l),
      'born', count(*) FILTER (WHERE ${within}),
      'unsure', count(*) FILTER (WHERE ${unsure})${samples === null ? '' : hashes})::text AS answer
    FROM groups`
}

/** Null where there are too many. */
function hashesWhere(condition: string): string {
  const filter = `FILTER (WHERE ${condition})`
  return `CASE WHEN count(*) ${filter} <= ${MOST_HASHES} THEN coalesce(array_agg(h) ${filter}, '{}')::text END`
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
