import type { ReadTransaction } from './driver.js'
import type { CountedKeySet, Key } from './duplicates-key.js'
import { quoteIdentifier } from './sql-text.js'

/** Which rows to look at; everything found in them is exact, as long as groups are in it whole. */
export interface Rows {
  /** A condition beside the key's own, or null for all. */
  readonly condition: string | null
  readonly values: readonly unknown[]
  /** The key whose hash the condition asks for. */
  readonly hashOf?: Key
}

export const allRows: Rows = { condition: null, values: [] }

export const SECOND = `interval '1 second'`

export interface Totals {
  readonly groups: number
  readonly surplus: number
}

/** Runs a statement that gives one JSON document. */
export async function ask<Answer>(
  { query }: Pick<ReadTransaction, 'query'>,
  sql: string,
  values: readonly unknown[],
): Promise<Answer> {
  const [row] = await query<{ answer: string }>(sql, values)
  return JSON.parse(row?.answer ?? 'null') as Answer
}

export function whereClause(key: Key, rows: Rows): string {
  const own = rows.hashOf === key ? key.hashConditions : key.conditions
  const conditions = rows.condition === null ? own : [...own, rows.condition]
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
}

export const keyNames = (key: Key): string => key.values.map((_, at) => `k${at}`).join(', ')
export const keyColumns = (key: Key): string => key.values.map(({ sql }, at) => `${sql} AS k${at}`).join(', ')

/** Groups and surplus rows, nothing else. */
export function countGroups(transaction: ReadTransaction, key: Key, rows: Rows): Promise<Totals> {
  return ask(
    transaction,
    `SELECT json_build_object('groups', count(*), 'surplus', coalesce(sum(n - 1), 0))::text AS answer
     FROM (SELECT count(*) AS n FROM (SELECT ${keyColumns(key)} FROM ${key.from} ${whereClause(key, rows)}) AS r
           GROUP BY ${keyNames(key)} HAVING count(*) > 1) AS g`,
    rows.values,
  )
}

/** A date says nothing of seconds. */
export function withinSecond({ stamp }: CountedKeySet): boolean {
  return stamp !== null && stamp.baseType !== 'date'
}

export function stampSql({ stamp }: CountedKeySet): string {
  if (stamp === null) return 'NULL::timestamp'
  const sql = quoteIdentifier(stamp.name)
  return `CASE WHEN isfinite(${sql}) THEN ${sql} END`
}

/** Of rows with k0 … and s: groups longer than a second in which two rows that follow each other are within one. */
export function bornTogetherSql(key: Key, from: string): string {
  const names = keyNames(key)
  return `SELECT count(*) FROM (
      SELECT FROM (
        SELECT ${names}, s, s - lag(s) OVER (PARTITION BY ${names} ORDER BY s) AS gap FROM ${from} WHERE s IS NOT NULL
      ) AS g GROUP BY ${names} HAVING min(gap) <= ${SECOND} AND max(s) - min(s) > ${SECOND}
    ) AS t`
}

export function countBornTogether(transaction: ReadTransaction, counted: CountedKeySet, rows: Rows): Promise<number> {
  const { lookup: key } = counted
  const from = `(SELECT ${keyColumns(key)}, ${stampSql(counted)} AS s FROM ${key.from} ${whereClause(key, rows)}) AS r`
  return ask(transaction, `SELECT (${bornTogetherSql(key, from)})::text AS answer`, rows.values)
}
