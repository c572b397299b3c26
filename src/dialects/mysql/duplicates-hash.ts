import type { Table } from '../../model/catalog.js'
import type { ReadTransaction } from './driver.js'
import type { KeyValue } from './duplicates-key.js'
import { charsetOf } from './oracle.js'
import { quoteRelation } from './sql-text.js'

/** SQL of the bytes by which a collation compares a text. */
export type Weigh = (sql: string) => string

/** How values of a type can be told apart by their texts. */
export type Kind =
  | { readonly type: 'integer' | 'double' | 'bytes' }
  /** Equal values are printed alike. */
  | { readonly type: 'plain' }
  /** `weigh` is null where a collation's weights aren't the same for all texts that it calls equal. */
  | { readonly type: 'text'; readonly weigh: Weigh | null }
  /** Only the server can tell, by grouping. */
  | { readonly type: 'opaque' }

/** By collation, as far as it was asked for. */
export type Weights = Map<string, Weigh | null>

/**
 * Texts that a collation calls equal weigh the same, except for trailing blanks where it pads; these weights can be cut
 * off, unless the collation has several levels, which puts them in the middle.
 */
export async function weightsOf(
  { attempt }: Pick<ReadTransaction, 'attempt'>,
  collation: string | null,
  known: Weights,
): Promise<Weigh | null> {
  if (collation === null) return null
  const found = known.get(collation)
  if (found !== undefined) return found
  const weigh = await askWeights(attempt, collation)
  known.set(collation, weigh)
  return weigh
}

async function askWeights(attempt: ReadTransaction['attempt'], collation: string): Promise<Weigh | null> {
  const text = (value: string) => `CONVERT('${value}' USING ${charsetOf(collation)}) COLLATE ${collation}`
  const blank = `WEIGHT_STRING(${text(' ')})`
  const answer = await attempt<{ pads: number; trims: number; blank: string }>(
    `SELECT ${text('a')} = ${text('a ')} AS pads, HEX(${blank}) AS blank,
       TRIM(TRAILING ${blank} FROM WEIGHT_STRING(${text('a   ')})) = WEIGHT_STRING(${text('a')}) AS trims`,
  )
  const row = 'rows' in answer ? answer.rows[0] : undefined
  if (row === undefined) return null
  if (Number(row.pads) === 0) return (sql) => `WEIGHT_STRING(${sql})`
  return Number(row.trims) === 1 ? (sql) => `TRIM(TRAILING x'${row.blank}' FROM WEIGHT_STRING(${sql}))` : null
}

/** Without reading a row. */
export async function kindOfExpression(
  transaction: ReadTransaction,
  table: Table,
  sql: string,
  weights: Weights,
): Promise<Kind> {
  const { rows } = await orThrow(
    transaction.attempt<{ collation: string }>(
      `SELECT COLLATION(r.goc_x) AS collation FROM (SELECT 1 AS goc_one) AS one
       LEFT JOIN (SELECT ${sql} AS goc_x FROM ${quoteRelation(table)}) AS r ON FALSE`,
    ),
  )
  const collation = rows[0]?.collation ?? 'binary'
  // Numbers, dates and bytes all call themselves binary, and MySQL's JSON utf8mb4_bin.
  if (collation === 'binary') return { type: 'double' }
  if (collation === 'utf8mb4_bin' && transaction.server.flavour === 'mysql') return { type: 'opaque' }
  return { type: 'text', weigh: await weightsOf(transaction, collation, weights) }
}

async function orThrow<T extends { readonly rows: unknown } | { readonly error: Error }>(
  answer: Promise<T>,
): Promise<Exclude<T, { readonly error: Error }>> {
  const given = await answer
  if ('error' in given) throw given.error
  return given as Exclude<T, { readonly error: Error }>
}

/**
 * A whole number made of all values: different ones mean different keys, equal ones mostly the same key. NULL for rows
 * that can't be told apart by it, as with texts too long to be weighed.
 */
export function hashOf(values: readonly KeyValue[]): string | null {
  const [only] = values
  if (only !== undefined && values.length === 1 && isPlainInteger(only)) return only.sql
  const [first, second, third] = values
  if (first !== undefined && second !== undefined && third === undefined && values.every(isPlainInteger))
    return `((${first.sql} << 32) ^ ${second.sql})`
  const bytes: string[] = []
  for (const value of values) {
    const sql = bytesOf(value)
    if (sql === null) return null
    bytes.push(value.groupsNulls ? `IF((${value.sql}) IS NULL, '', CONCAT('=', ${sql}))` : sql)
  }
  return `CRC32(${bytes.length === 1 ? bytes[0] : `CONCAT(${bytes.join(", ',', ")})`})`
}

const isPlainInteger = ({ kind, groupsNulls }: KeyValue): boolean => kind.type === 'integer' && !groupsNulls

/** The same for values that are equal. */
export function bytesOf({ sql, kind }: KeyValue): string | null {
  switch (kind.type) {
    case 'opaque':
      return null
    case 'text':
      return kind.weigh?.(sql) ?? null
    case 'double':
      return `IF(${sql} = 0, 0, ${sql})`
    default:
      return sql
  }
}

/**
 * By what window functions sort rows of a group together. They would see only the beginning of a long value, and have no
 * room for a very long one.
 */
export function partitionOf(value: KeyValue): string {
  const { sql, kind } = value
  if (kind.type === 'opaque') return `SHA2(CAST(${sql} AS CHAR), 256)`
  const bytes = bytesOf(value)
  return bytes === null || (kind.type !== 'text' && kind.type !== 'bytes') ? sql : `SHA2(${bytes}, 256)`
}
