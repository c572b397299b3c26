import type { Table } from '../../model/catalog.js'
import type { Query } from './driver.js'
import type { Rows } from './duplicates-exact.js'
import type { HashedKey } from './duplicates-screen.js'

/** Rows whose hash is in the list (the text of a bigint[]). */
export function withHash(key: HashedKey, list: string): Rows {
  return { condition: `${key.hash.sql} = ANY ($1::bigint[])`, values: [list], hashOf: key }
}

/** Rows at places in the table (the text of a tid[]); in a snapshot they stay where they are. */
export function atPlaces(list: string | null): Rows {
  return { condition: 'ctid = ANY ($1::tid[])', values: [list ?? '{}'] }
}

/** Places are columns too, which a role that may read only some columns can't see. */
export function hasPlaces({ kind, unreadableColumns }: Table): boolean {
  if (unreadableColumns.length > 0) return false
  return kind === 'table' || kind === 'partitioned-table' || kind === 'materialized-view'
}

export interface Wanted {
  readonly key: HashedKey
  /** Text of a bigint[]. */
  readonly list: string
}

/** Finds the rows of several keys of one FROM item in one scan, so that every later statement goes straight to them. */
export async function locate(query: Query, wanted: readonly Wanted[]): Promise<Rows[]> {
  const hits = wanted.map(({ key }, at) => {
    const conditions = [...key.hashConditions, `${key.hash.sql} = ANY ($${at + 1}::bigint[])`]
    return `(${conditions.join(' AND ')})`
  })
  const flags = hits.map((hit, at) => `${hit} AS hit${at}`)
  const lists = hits.map((_, at) => `array_agg(place) FILTER (WHERE hit${at})::text AS list${at}`)
  const [row] = await query<Record<string, string | null>>(
    `SELECT ${lists.join(', ')}
     FROM (SELECT ctid AS place, ${flags.join(', ')} FROM ${wanted[0]?.key.from} WHERE ${hits.join(' OR ')}) AS r`,
    wanted.map(({ list }) => list),
  )
  return wanted.map((_, at) => atPlaces(row?.[`list${at}`] ?? null))
}
