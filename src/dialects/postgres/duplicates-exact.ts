import type { DuplicateSample } from '../../model/duplicates.js'
import type { ReadTransaction } from './driver.js'
import type { CountedKeySet, Key } from './duplicates-key.js'
import { quoteIdentifier } from './sql-text.js'

/** Which rows to look at; everything found in them is exact, as long as groups are in it whole. */
export interface Rows {
  /** A condition beside the key's own, or null for all. */
  readonly condition: string | null
  readonly values: readonly unknown[]
}

export const allRows: Rows = { condition: null, values: [] }

/** Longest text of a key's value that is fetched, in characters. */
const LONGEST = 1000
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
  const conditions = rows.condition === null ? key.conditions : [...key.conditions, rows.condition]
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

/** Groups longer than a second in which two rows that follow each other were created within one. */
export async function countBornTogether(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
): Promise<number> {
  const { lookup: key } = counted
  const names = keyNames(key)
  return ask(
    transaction,
    `SELECT count(*)::text AS answer FROM (
       SELECT FROM (
         SELECT ${names}, s, s - lag(s) OVER (PARTITION BY ${names} ORDER BY s) AS gap
         FROM (SELECT ${keyColumns(key)}, ${stampSql(counted)} AS s FROM ${key.from} ${whereClause(key, rows)}) AS r
         WHERE s IS NOT NULL
       ) AS g GROUP BY ${names} HAVING min(gap) <= ${SECOND} AND max(s) - min(s) > ${SECOND}
     ) AS t`,
    rows.values,
  )
}

interface SampleRow {
  readonly key: readonly (string | null)[]
  readonly rows: number
  readonly differs: readonly boolean[]
}

/** Columns of a statement that counts distinct values in each; the server allows 1664 in all. */
const COLUMNS_AT_ONCE = 400

/** The largest groups, equal ones in the order of their keys' texts. */
export async function sampleGroups(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  limit: number,
): Promise<DuplicateSample[]> {
  const { lookup: key, compared } = counted
  let samples: DuplicateSample[] = []
  for (let start = 0; start === 0 || start < compared.length; start += COLUMNS_AT_ONCE) {
    const columns = compared.slice(start, start + COLUMNS_AT_ONCE)
    const found = await ask<SampleRow[] | null>(transaction, samplesSql(key, columns, rows, limit), rows.values)
    samples = (found ?? []).map(({ key: values, rows: size, differs }, at) => ({
      key: Object.fromEntries(key.values.map(({ label }, n) => [label, values[n] ?? null])),
      rows: size,
      differingColumns: [
        ...(samples[at]?.differingColumns ?? []),
        ...columns.flatMap(({ name }, n) => (differs[n] ? [name] : [])),
      ],
    }))
  }
  return samples
}

function samplesSql(key: Key, compared: CountedKeySet['compared'], rows: Rows, limit: number): string {
  const columns = compared.map(({ sql }, at) => `, ${sql} AS c${at}`).join('')
  const texts = key.values.map((_, at) => `left(min(k${at}::text COLLATE "C"), ${LONGEST})`)
  const differs = compared.map((_, at) => `count(DISTINCT c${at}) + (count(c${at}) < count(*))::int > 1`)
  return `SELECT json_agg(json_build_object('key', key, 'rows', n, 'differs', differs) ORDER BY n DESC, key)::text AS answer
    FROM (
      SELECT count(*) AS n, ARRAY[${texts.join(', ')}] AS key, ARRAY[${differs.join(', ')}]::bool[] AS differs
      FROM (SELECT ${keyColumns(key)}${columns} FROM ${key.from} ${whereClause(key, rows)}) AS r
      GROUP BY ${keyNames(key)} HAVING count(*) > 1 ORDER BY 1 DESC, 2 LIMIT ${Math.trunc(limit)}
    ) AS g`
}
