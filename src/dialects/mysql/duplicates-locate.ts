import type { Table } from '../../model/catalog.js'
import type { Query } from './driver.js'
import type { Rows } from './duplicates-exact.js'
import { type HashedKey, type Suspects, whole } from './duplicates-screen.js'
import { quoteIdentifier } from './sql-text.js'

const WHOLE = /^(tinyint|smallint|mediumint|int|bigint)$/

/** SQL of the number by which a row is found at once: the primary key, where it is one. */
export function placeOf({ primaryKey, columns, unreadableColumns }: Table): string | null {
  const [name] = primaryKey
  const column = columns.find((each) => each.name === name)
  if (column === undefined || primaryKey.length > 1 || unreadableColumns.includes(column.name)) return null
  return WHOLE.test(column.baseType) ? quoteIdentifier(column.name) : null
}

/** Rows whose hash is among these. */
export function withHash(key: HashedKey, hashes: readonly string[]): Rows {
  return { condition: `${key.hash} IN (${hashes.join(', ')})` }
}

/** Rows at places in the table; in a snapshot they stay where they are. */
export function atPlaces(place: string, places: readonly string[]): Rows {
  return { condition: places.length === 0 ? 'FALSE' : `${place} IN (${places.join(', ')})` }
}

/** Places of the suspects of several keys of one table, in one scan; those of pairs are known already. */
export async function locate(
  query: Query,
  place: string,
  wanted: readonly { readonly key: HashedKey; readonly suspects: Suspects }[],
): Promise<string[][]> {
  const found = wanted.map(({ suspects }) => [...suspects.places])
  const open = wanted.flatMap(({ key, suspects }, at) => {
    if (suspects.crowds.length === 0) return []
    const conditions = [...key.conditions, withHash(key, suspects.crowds).condition]
    return [{ at, hit: `(${conditions.join(' AND ')})` }]
  })
  const [first] = wanted
  if (open.length === 0 || first === undefined) return found
  const flags = open.map(({ hit }, n) => `${open.length === 1 ? '1' : hit} AS goc_hit${n}`)
  const rows = await query<Record<string, unknown>>(
    `SELECT ${[`${place} AS goc_place`, ...flags].join(', ')} FROM ${first.key.from} WHERE ${open.map(({ hit }) => hit).join(' OR ')}`,
  )
  for (const row of rows)
    for (const [n, { at }] of open.entries())
      if (Number(row[`goc_hit${n}`]) === 1) found[at]?.push(whole(row.goc_place))
  return found
}
