import type { ReadTransaction } from './driver.js'
import type { Key } from './duplicates-key.js'
import { quoteIdentifier } from './sql-text.js'

/** More hashes than this aren't fetched. */
const MOST_HASHES = 100_000
/** Room for a sort, in bytes; allocated as it is needed. */
const SORT_BUFFER = 32 * 1024 * 1024

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

/** Sorts the hashes and keeps those that come twice; null where there are too many, or some rows have none. */
export async function screen(
  { query, server }: ReadTransaction,
  key: HashedKey,
  { place, index, exists }: ScreenOptions,
): Promise<Suspects | null> {
  const most = exists ? 1 : MOST_HASHES + 1
  const hint = server.flavour === 'mysql' ? `/*+ SET_VAR(sort_buffer_size = ${SORT_BUFFER}) */` : ''
  const where = key.conditions.length === 0 ? '' : `WHERE ${key.conditions.join(' AND ')}`
  const places = place === null ? '' : `, MIN(${place}) AS goc_low, MAX(${place}) AS goc_high`
  const sql =
    index === null
      ? `SELECT ${hint} SQL_BIG_RESULT ${key.hash} AS goc_h, COUNT(*) AS goc_n${places}
         FROM ${key.from} ${where} GROUP BY 1 HAVING COUNT(*) > 1 OR goc_h IS NULL LIMIT ${most}`
      : `SELECT MIN(${key.hash}) AS goc_h, COUNT(*) AS goc_n${places}
         FROM ${key.from} FORCE INDEX FOR GROUP BY (${quoteIdentifier(index)}) ${where}
         GROUP BY ${key.values.map(({ sql }) => sql).join(', ')} HAVING COUNT(*) > 1 LIMIT ${most}`
  const rows = await query<{ goc_h: unknown; goc_n: unknown; goc_low?: unknown; goc_high?: unknown }>(sql)
  if ((!exists && rows.length === most) || rows.some(({ goc_h }) => goc_h === null)) return null
  const pairs = rows.filter(({ goc_n }) => place !== null && Number(goc_n) === 2)
  return {
    hashes: rows.map(({ goc_h }) => whole(goc_h)),
    rows: rows.reduce((sum, { goc_n }) => sum + Number(goc_n), 0),
    places: pairs.flatMap(({ goc_low, goc_high }) => [whole(goc_low), whole(goc_high)]),
    crowds: rows.filter((row) => !pairs.includes(row)).map(({ goc_h }) => whole(goc_h)),
  }
}

/** Numbers become part of later statements. */
export function whole(value: unknown): string {
  const text = String(value)
  if (!/^-?\d+$/.test(text)) throw new Error(`not a whole number: ${text}`)
  return text
}
