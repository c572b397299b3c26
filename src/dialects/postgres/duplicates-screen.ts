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

/**
 * Sorts the hashes of each key and keeps those that come twice. All in one statement whose parts run side by side, each
 * in a process of its own; a single key is split into halves, so that two processes work on it.
 */
export async function screen(
  query: Query,
  keys: readonly HashedKey[],
  options: { readonly share: Share; readonly workers: number },
): Promise<Suspects[]> {
  const parts = keys.flatMap((key, at) => partsOf(key, keys.length, options).map((half) => partSql(key, at, half)))
  const rows = await query<{ key: number; hashes: string; rows: string | null; list: string | null }>(
    `SELECT key, hashes, rows, list FROM (${parts.join('\nUNION ALL\n')}) AS p`,
  )
  const found = rows.map((row): Part => ({ ...row, hashes: Number(row.hashes), rows: Number(row.rows ?? 0) }))
  return keys.map((_, at) => together(found.filter(({ key }) => key === at)))
}

function partsOf(
  { hash }: HashedKey,
  keys: number,
  { share, workers }: { readonly share: Share; readonly workers: number },
): string[] {
  if (share === 'sixteenth') return [hash.sixteenth]
  // The planner doesn't expect the leading process to take a part, so that with one helper it would see no gain.
  return keys === 1 && workers >= 2 ? [hash.half, `NOT (${hash.half})`] : ['h IS NOT NULL']
}

function partSql({ hash, from, hashConditions }: HashedKey, at: number, half: string): string {
  const where = hashConditions.length === 0 ? '' : `WHERE ${hashConditions.join(' AND ')}`
  return `SELECT ${at} AS key, count(*) AS hashes, sum(n) AS rows,
      CASE WHEN count(*) <= ${MOST_HASHES} THEN array_agg(h)::text END AS list
    FROM (
      SELECT h, count(*) AS n FROM (SELECT ${hash.sql} AS h FROM ${from} ${where}) AS r
      WHERE ${half} GROUP BY h HAVING count(*) > 1
    ) AS s${at}`
}

function together(parts: readonly Part[]): Suspects {
  const hashes = parts.reduce((sum, part) => sum + part.hashes, 0)
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const missing = parts.some((part) => part.list === null && part.hashes > 0)
  if (missing) return { hashes, rows, list: null }
  const lists = parts.flatMap(({ list }) => (list === null ? [] : list.slice(1, -1)))
  return { hashes, rows, list: `{${lists.join(',')}}` }
}
