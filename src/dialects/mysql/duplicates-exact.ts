import type { Column } from '../../model/catalog.js'
import type { ReadTransaction } from './driver.js'
import { partitionOf } from './duplicates-hash.js'
import type { CountedKeySet, Key } from './duplicates-key.js'
import { isText } from './oracle.js'
import { quoteIdentifier } from './sql-text.js'

/** Which rows to look at; everything found in them is exact, as long as groups are in it whole. */
export interface Rows {
  /** A condition beside the key's own, or null for all. */
  readonly condition: string | null
  /** No two keys among them share a hash, so that grouping by hashes, which sort quickly, is grouping by keys. */
  readonly byHash?: boolean
}

export const allRows: Rows = { condition: null }

/** In microseconds. */
const SECOND = 1_000_000

export interface Totals {
  readonly groups: number
  readonly surplus: number
}

/** What is told of all duplicate groups of a key set together. */
export interface Groups extends Totals {
  readonly largest: number
  readonly identical: number
  readonly first: string | null
  readonly last: string | null
  /** Groups in which some two rows are surely within a second. */
  readonly born: number
  /** Groups of three rows or more in which it takes a closer look. */
  readonly unsure: number
}

/** Room for a sort, in bytes; allocated as it is needed. */
const SORT_BUFFER = 32 * 1024 * 1024

/** Sorts whole numbers instead of filling a temporary table row by row; MariaDB takes no setting for one statement. */
export const sorting = ({ flavour }: ReadTransaction['server']): string =>
  `${flavour === 'mysql' ? `/*+ SET_VAR(sort_buffer_size = ${SORT_BUFFER}) */ ` : ''}SQL_BIG_RESULT`

/** Grouping in a temporary table compares whole values; sorting would see only the beginning of long ones. */
export const grouping = (server: ReadTransaction['server'], { byHash }: Rows): string =>
  byHash ? sorting(server) : 'SQL_SMALL_RESULT'

export function whereClause(key: Key, rows: Rows): string {
  const conditions = rows.condition === null ? key.conditions : [...key.conditions, rows.condition]
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
}

/** What `derived` calls the columns to group by. */
export const groupNames = (key: Key, { byHash }: Rows): string =>
  byHash ? 'goc_h' : key.values.map((_, at) => `goc_k${at}`).join(', ')
const groupColumns = (key: Key, { byHash }: Rows): string[] =>
  byHash ? [`${key.hash} AS goc_h`] : key.values.map(({ sql }, at) => `${sql} AS goc_k${at}`)

/** Rows with what they are grouped by, and other columns, as a derived table whose names are all ours. */
export function derived(key: Key, rows: Rows, columns: readonly string[]): string {
  return `(SELECT ${[...groupColumns(key, rows), ...columns].join(', ')} FROM ${key.from} ${whereClause(key, rows)}) AS r`
}

/** Groups and surplus rows, nothing else. */
export async function countGroups({ query, server }: ReadTransaction, key: Key, rows: Rows): Promise<Totals> {
  const [row] = await query(
    `SELECT COUNT(*) AS total, COALESCE(SUM(g.n - 1), 0) AS surplus FROM (
       SELECT ${grouping(server, rows)} COUNT(*) AS n FROM ${derived(key, rows, [])} GROUP BY ${groupNames(key, rows)} HAVING COUNT(*) > 1) AS g`,
  )
  return { groups: Number(row?.total), surplus: Number(row?.surplus) }
}

/** Of rows that are alike in every compared column, a group is identical. */
export async function describeGroups(
  { query, server }: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
): Promise<Groups> {
  const { lookup: key, compared } = counted
  const alike = compared.map((_, at) => `NOT (${differs(at)})`)
  const columns = [...compared.map((column, at) => `${exactly(column)} AS goc_c${at}`), `${stampSql(counted)} AS goc_s`]
  const apart = `TIMESTAMPDIFF(MICROSECOND, g.f, g.l)`
  const within = withinSecond(counted)
  const [row] = await query<Record<string, string | number | null>>(
    `SELECT COUNT(*) AS total, COALESCE(SUM(g.n - 1), 0) AS surplus, COALESCE(MAX(g.n), 0) AS largest,
       COALESCE(SUM(g.alike), 0) AS identical, CAST(MIN(g.f) AS CHAR) AS first, CAST(MAX(g.l) AS CHAR) AS last,
       COALESCE(SUM(${within ? `g.q >= 2 AND ${apart} <= ${SECOND}` : '0'}), 0) AS born,
       COALESCE(SUM(${within ? `g.q > 2 AND ${apart} > ${SECOND}` : '0'}), 0) AS unsure
     FROM (SELECT ${grouping(server, rows)} COUNT(*) AS n, COUNT(goc_s) AS q, MIN(goc_s) AS f, MAX(goc_s) AS l,
             ${alike.length === 0 ? '1' : alike.join(' AND ')} AS alike
           FROM ${derived(key, rows, columns)} GROUP BY ${groupNames(key, rows)} HAVING COUNT(*) > 1) AS g`,
  )
  const number = (name: string) => Number(row?.[name] ?? 0)
  return {
    groups: number('total'),
    surplus: number('surplus'),
    largest: number('largest'),
    identical: number('identical'),
    first: iso(row?.first, counted.stamp),
    last: iso(row?.last, counted.stamp),
    born: number('born'),
    unsure: number('unsure'),
  }
}

/** Whether rows of a group differ in the compared column of this number, as goc_c0 … */
export const differs = (at: number): string =>
  `(NOT (MIN(goc_c${at}) <=> MAX(goc_c${at})) OR COUNT(goc_c${at}) NOT IN (0, COUNT(*)))`

/** The value byte by byte, so that what is equal but written differently is told apart: one of them would be lost. */
export function exactly(column: Column): string {
  const sql = quoteIdentifier(column.name)
  if (isText(column)) return `CAST(${sql} AS BINARY)`
  if (column.baseType === 'json') return `CAST(CAST(${sql} AS CHAR) AS BINARY)`
  return column.hasEquality && column.baseType !== 'vector' ? sql : `HEX(${sql})`
}

/** A date says nothing of seconds. */
export function withinSecond({ stamp }: CountedKeySet): boolean {
  return stamp !== null && stamp.baseType !== 'date'
}

/** Zero dates are none. */
function stampSql({ stamp }: CountedKeySet): string {
  if (stamp === null) return 'NULL'
  const sql = quoteIdentifier(stamp.name)
  return `CASE WHEN MONTH(${sql}) * DAYOFMONTH(${sql}) > 0 THEN ${sql} END`
}

function iso(text: string | number | null | undefined, stamp: Column | null): string | null {
  if (typeof text !== 'string') return null
  const trimmed = text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
  return trimmed.replace(' ', 'T') + (stamp?.baseType === 'timestamp' ? '+00:00' : '')
}

/** By what a window function keeps the rows of a group together. */
export const partitionBy = (key: Key, { byHash }: Rows): string[] =>
  byHash && key.hash !== null ? [key.hash] : key.values.map(partitionOf)

/** The same groups in one, of parts that share none. */
export function mergeGroups(parts: readonly Groups[]): Groups {
  const sum = (pick: (groups: Groups) => number) => parts.reduce((total, each) => total + pick(each), 0)
  const times = (pick: (groups: Groups) => string | null) => parts.flatMap((each) => pick(each) ?? []).sort()
  return {
    groups: sum(({ groups }) => groups),
    surplus: sum(({ surplus }) => surplus),
    largest: Math.max(0, ...parts.map(({ largest }) => largest)),
    identical: sum(({ identical }) => identical),
    first: times(({ first }) => first)[0] ?? null,
    last: times(({ last }) => last).at(-1) ?? null,
    born: sum(({ born }) => born),
    unsure: sum(({ unsure }) => unsure),
  }
}

/** Groups longer than a second in which two rows that follow each other are within one. */
export async function countBornTogether(
  { query, server }: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
): Promise<number> {
  const { lookup: key } = counted
  const partition = partitionBy(key, rows)
  const names = partition.map((_, at) => `goc_w${at}`).join(', ')
  const columns = [...partition.map((sql, at) => `${sql} AS goc_w${at}`), `${stampSql(counted)} AS goc_s`]
  const gap = `TIMESTAMPDIFF(MICROSECOND, LAG(goc_s) OVER (PARTITION BY ${names} ORDER BY goc_s), goc_s)`
  const [row] = await query(
    `SELECT COUNT(*) AS total FROM (
       SELECT ${grouping(server, rows)} COUNT(*) AS n FROM (
         SELECT ${groupNames(key, rows)}, goc_s, ${gap} AS gap FROM ${derived(key, rows, columns)} WHERE goc_s IS NOT NULL) AS g
       GROUP BY ${groupNames(key, rows)}
       HAVING MIN(g.gap) <= ${SECOND} AND TIMESTAMPDIFF(MICROSECOND, MIN(goc_s), MAX(goc_s)) > ${SECOND}) AS t`,
  )
  return Number(row?.total)
}
