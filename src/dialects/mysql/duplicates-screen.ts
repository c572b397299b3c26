import type { ReadTransaction } from './driver.js'
import { type Rows, sorting, whereClause } from './duplicates-exact.js'
import type { Key } from './duplicates-key.js'
import { quoteIdentifier } from './sql-text.js'

/** More hashes than this aren't fetched. */
const MOST_HASHES = 100_000
/** Hashes that several keys share, where more are left to grouping by the keys themselves. */
const MOST_SHARED = 20_000

/** Hashes that several rows share: every duplicate group is among them, and by chance perhaps a row or two more. */
export interface Suspects {
  /** Whole numbers, as SQL. */
  readonly hashes: readonly string[]
  readonly rows: number
  /** Places of the rows of pairs, and the hashes that are of more rows. */
  readonly places: readonly string[]
  readonly crowds: readonly string[]
}

export type HashedKey = Key & { readonly hash: string }

export function isHashed(key: Key): key is HashedKey {
  return key.hash !== null
}

export interface ScreenOptions {
  /** SQL of a whole number that tells rows of the table apart, or null. */
  readonly place: string | null
  /** Name of an index in whose order the key's groups come, or null. */
  readonly index: string | null
  /** One is enough. */
  readonly exists: boolean
}

interface Row extends Record<string, unknown> {
  readonly goc_h?: unknown
  readonly goc_n: unknown
  readonly goc_low?: unknown
  readonly goc_high?: unknown
}

/** Sorts the hashes and keeps those that come twice; says so where there are too many, or some rows have none. */
export async function screen(
  transaction: ReadTransaction,
  key: HashedKey,
  { place, index, exists }: ScreenOptions,
): Promise<Suspects | 'many' | 'unhashed'> {
  const { query, server } = transaction
  const most = exists ? 1 : MOST_HASHES + 1
  const where = whereClause(key, { condition: null })
  const places = place === null ? [] : [`MIN(${place}) AS goc_low`, `MAX(${place}) AS goc_high`]
  // Where a row is found by its place, only the rows of groups are hashed.
  const hash = place === null ? [`MIN(${key.hash}) AS goc_h`] : []
  const sql =
    index === null
      ? `SELECT ${sorting(server)} ${[`${key.hash} AS goc_h`, 'COUNT(*) AS goc_n', ...places].join(', ')}
         FROM ${key.from} ${where} GROUP BY 1 HAVING COUNT(*) > 1 OR goc_h IS NULL LIMIT ${most}`
      : `SELECT ${['COUNT(*) AS goc_n', ...places, ...hash].join(', ')}
         FROM ${key.from} FORCE INDEX FOR GROUP BY (${quoteIdentifier(index)}) ${where}
         GROUP BY ${key.values.map(({ sql }) => sql).join(', ')} HAVING COUNT(*) > 1 LIMIT ${most}`
  const found = await query<Row>(sql)
  const rows = index === null || place === null ? found : await hashed(transaction, key, place, found)
  if (rows.some(({ goc_h }) => goc_h == null)) return 'unhashed'
  if (!exists && rows.length === most) return 'many'
  const pairs = rows.filter(({ goc_n }) => place !== null && Number(goc_n) === 2)
  const two = new Set(pairs)
  return {
    hashes: rows.map(({ goc_h }) => whole(goc_h)),
    rows: rows.reduce((sum, { goc_n }) => sum + Number(goc_n), 0),
    places: pairs.flatMap(({ goc_low, goc_high }) => [whole(goc_low), whole(goc_high)]),
    crowds: rows.filter((row) => !two.has(row)).map(({ goc_h }) => whole(goc_h)),
  }
}

/** With the hashes of groups of which one row's place is known. */
async function hashed(
  { query }: ReadTransaction,
  key: HashedKey,
  place: string,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (rows.length === 0) return rows
  const places = rows.map(({ goc_low }) => whole(goc_low)).join(', ')
  const found = await query<{ goc_low: unknown; goc_h: unknown }>(
    `SELECT ${place} AS goc_low, ${key.hash} AS goc_h FROM ${key.from} WHERE ${place} IN (${places})`,
  )
  const hashes = new Map(found.map(({ goc_low, goc_h }) => [String(goc_low), goc_h]))
  return rows.map((row) => ({ ...row, goc_h: hashes.get(String(row.goc_low)) }))
}

/**
 * All rows in two parts: those whose hash belongs to one key alone, and the rest. Null where there are too many of the
 * rest, or some rows have no hash.
 */
export async function split({ query, server }: ReadTransaction, key: HashedKey): Promise<readonly Rows[] | null> {
  const [only] = key.values
  if (only !== undefined && key.values.length === 1 && key.hash === only.sql) return [{ condition: null, byHash: true }]
  const columns = key.values.map(({ sql }, at) => `${sql} AS goc_k${at}`)
  // NULL counts as a value here, where rows with it belong to groups.
  const mixed = key.values.map(
    (_, at) => `NOT (MIN(goc_k${at}) <=> MAX(goc_k${at})) OR COUNT(goc_k${at}) NOT IN (0, COUNT(*))`,
  )
  const rows = await query<{ goc_h: unknown }>(
    `SELECT ${sorting(server)} goc_h FROM (
       SELECT ${key.hash} AS goc_h, ${columns.join(', ')} FROM ${key.from} ${whereClause(key, { condition: null })}) AS r
     GROUP BY goc_h HAVING goc_h IS NULL OR (COUNT(*) > 1 AND (${mixed.join(' OR ')})) LIMIT ${MOST_SHARED + 1}`,
  )
  if (rows.length > MOST_SHARED || rows.some(({ goc_h }) => goc_h === null)) return null
  if (rows.length === 0) return [{ condition: null, byHash: true }]
  const shared = rows.map(({ goc_h }) => whole(goc_h)).join(', ')
  return [{ condition: `${key.hash} NOT IN (${shared})`, byHash: true }, { condition: `${key.hash} IN (${shared})` }]
}

/** Numbers become part of later statements. */
export function whole(value: unknown): string {
  const text = String(value)
  if (!/^-?\d+$/.test(text)) throw new Error(`not a whole number: ${text}`)
  return text
}
