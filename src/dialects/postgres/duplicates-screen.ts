import type { Query } from './driver.js'
import type { Key, KeyHash } from './duplicates-key.js'

/** More hashes than this are counted, not fetched. */
export const MOST_HASHES = 500_000

/** Hashes that several rows share: every duplicate group is among them, and by chance perhaps a row or two more. */
export interface Suspects {
  readonly hashes: number
  readonly rows: number
  /** As the text of a bigint[]; null where there are too many. */
  readonly list: string | null
}

/** Which share of the keys to screen. */
export type Share = 'all' | 'sixteenth'

export type HashedKey = Key & { readonly hash: KeyHash }

export function isHashed(key: Key): key is HashedKey {
  return key.hash !== null
}

interface Part {
  readonly key: number
  readonly hashes: number
  readonly rows: number
  readonly list: string | null
}

export interface ScreenOptions {
  readonly share: Share
  /** Processes that may help the leading one. */
  readonly workers: number
  /** Of the table, about; null where nobody knows. */
  readonly rows: number | null
  /** Memory for a sort, in kilobytes. */
  readonly workMem: number
}

/**
 * Sorts the hashes of each key and keeps those that come twice. All in one statement whose parts run side by side, each
 * in a process of its own; a single key is split into halves, so that two processes work on it.
 */
export async function screen(query: Query, keys: readonly HashedKey[], options: ScreenOptions): Promise<Suspects[]> {
  const parts = keys.flatMap((key, at) => partsOf(key, at, keys.length, options))
  const rows = await query<{ key: number; hashes: string; rows: string | null; list: string | null }>(
    `SELECT key, hashes, rows, list FROM (${parts.join('\nUNION ALL\n')}) AS p`,
  )
  const found = rows.map((row): Part => ({ ...row, hashes: Number(row.hashes), rows: Number(row.rows ?? 0) }))
  return keys.map((_, at) => together(found.filter(({ key }) => key === at)))
}

function partsOf(key: HashedKey, at: number, keys: number, { share, workers, rows, workMem }: ScreenOptions): string[] {
  const { hash } = key
  // The planner doesn't expect the leading process to take a part, so that with one helper it would see no gain.
  const halves = keys === 1 && workers >= 2 ? [hash.half, `NOT (${hash.half})`] : [null]
  const parts = share === 'sixteenth' ? [hash.sixteenth] : halves
  const fits = rows !== null && (rows / parts.length) * SORTED_BYTES <= (workMem * 1024) / 2
  return parts.map((condition) => {
    const hashes = hashesSql(key, condition)
    return `SELECT ${at} AS key, count(*) AS hashes, sum(n) AS rows,
      CASE WHEN count(*) <= ${MOST_HASHES} THEN array_agg(h)::text END AS list
    FROM (${fits ? twinsSql(hashes) : groupsSql(hashes)}) AS s${at}`
  })
}

/** Memory that a sort takes for one hash. */
const SORTED_BYTES = 24

/** Hashes as h. A key that is computed is computed once per row: OFFSET keeps the planner from repeating it. */
function hashesSql({ hash, from, conditions, hashConditions }: HashedKey, condition: string | null): string {
  const where = (all: readonly string[]) => (all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`)
  if (condition === null && !hash.isComputed) return `SELECT ${hash.sql} AS h FROM ${from} ${where(conditions)}`
  const fence = hash.isComputed ? `OFFSET '0'` : ''
  const all = `SELECT ${hash.sql} AS h FROM ${from} ${where(hashConditions)} ${fence}`
  return `SELECT h FROM (${all}) AS r WHERE ${condition ?? 'h IS NOT NULL'}`
}

function groupsSql(hashes: string): string {
  return `SELECT h, count(*) AS n FROM (${hashes}) AS r GROUP BY h HAVING count(*) > 1`
}

/** The same, where all hashes fit in memory: in a sorted array, twins are neighbours, which is quicker to see. */
function twinsSql(hashes: string): string {
  return `SELECT h, count(*) + 1 AS n FROM (
      SELECT a[i] AS h FROM (
        SELECT a, generate_series(1, cardinality(a) - 1) AS i FROM (
          SELECT array_agg(h ORDER BY h) AS a FROM (${hashes}) AS r) AS sorted) AS pairs
      WHERE a[i] = a[i + 1]) AS twins GROUP BY h`
}

function together(parts: readonly Part[]): Suspects {
  const hashes = parts.reduce((sum, part) => sum + part.hashes, 0)
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const missing = parts.some((part) => part.list === null && part.hashes > 0)
  if (missing) return { hashes, rows, list: null }
  const lists = parts.flatMap(({ list }) => (list === null ? [] : list.slice(1, -1)))
  return { hashes, rows, list: `{${lists.join(',')}}` }
}
