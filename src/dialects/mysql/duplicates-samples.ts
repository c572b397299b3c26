import type { DuplicateSample } from '../../model/duplicates.js'
import type { ReadTransaction } from './driver.js'
import { derived, differs, exactly, grouping, groupNames, type Rows } from './duplicates-exact.js'
import type { CountedKeySet, Key, KeyValue } from './duplicates-key.js'
import { whole } from './duplicates-screen.js'

/** Longest text of a key's value that is fetched, in characters. */
const LONGEST = 1000
/** Columns of a statement that tells in which of them a group's rows differ; the server allows some 1000 in all. */
const COLUMNS_AT_ONCE = 400

/** The largest groups among some rows, equal ones in the order of their keys' texts. */
export async function sampleGroups(
  transaction: ReadTransaction,
  counted: CountedKeySet,
  rows: Rows,
  limit: number,
): Promise<DuplicateSample[]> {
  if (!rows.byHash) return sampleAmong(transaction, counted, rows, limit)
  const hashes = await largestHashes(transaction, counted.lookup, rows, limit)
  if (hashes.length === 0) return []
  return sampleAmong(transaction, counted, { condition: `${counted.lookup.hash} IN (${hashes.join(', ')})` }, limit)
}

/** Of all rows the largest groups only, so that the rest is told of few. */
async function largestHashes(
  { query, server }: ReadTransaction,
  key: Key,
  rows: Rows,
  limit: number,
): Promise<string[]> {
  const labelled = key.values.filter(({ label }) => label !== null)
  const texts = labelled.map((value, at) => `${textOf(value)} AS goc_t${at}`)
  const least = labelled.map((_, at) => `MIN(goc_t${at})`)
  const found = await query<{ goc_h: unknown }>(
    `SELECT ${grouping(server, rows)} goc_h, COUNT(*) AS n FROM ${derived(key, rows, texts)} GROUP BY goc_h HAVING COUNT(*) > 1
     ORDER BY ${['n DESC', ...least].join(', ')} LIMIT ${Math.trunc(limit)}`,
  )
  return found.map(({ goc_h }) => whole(goc_h))
}

async function sampleAmong(
  { query, server }: ReadTransaction,
  { lookup: key, compared }: CountedKeySet,
  rows: Rows,
  limit: number,
): Promise<DuplicateSample[]> {
  const labelled = key.values.filter(({ label }) => label !== null)
  const texts = labelled.map((value, at) => `${textOf(value)} AS goc_t${at}`)
  let samples: DuplicateSample[] = []
  for (let start = 0; start === 0 || start < compared.length; start += COLUMNS_AT_ONCE) {
    const some = compared.slice(start, start + COLUMNS_AT_ONCE)
    const columns = [...texts, ...some.map((column, at) => `${exactly(column)} AS goc_c${at}`)]
    const shown = labelled.map((_, at) => `CONVERT(g.t${at} USING utf8mb4) AS t${at}`)
    const order = labelled.map((_, at) => `t${at}`).join(', ')
    const found = await query<Record<string, string | number | null>>(
      `SELECT ${['g.n AS n', ...shown, ...some.map((_, at) => `g.d${at} AS d${at}`)].join(', ')} FROM (
         SELECT ${grouping(server, rows)} ${[
           'COUNT(*) AS n',
           ...labelled.map((_, at) => `MIN(goc_t${at}) AS t${at}`),
           ...some.map((_, at) => `${differs(at)} AS d${at}`),
         ].join(', ')}
         FROM ${derived(key, rows, columns)} GROUP BY ${groupNames(key, rows)} HAVING COUNT(*) > 1
         ORDER BY n DESC, ${order} LIMIT ${Math.trunc(limit)}) AS g ORDER BY g.n DESC, ${labelled.map((_, at) => `g.t${at}`).join(', ')}`,
    )
    samples = found.map((row, number) => ({
      key: Object.fromEntries(labelled.map(({ label }, at) => [label, text(row[`t${at}`])])),
      rows: Number(row.n),
      differingColumns: [
        ...(samples[number]?.differingColumns ?? []),
        ...some.flatMap(({ name }, at) => (Number(row[`d${at}`]) === 1 ? [name] : [])),
      ],
    }))
  }
  return samples
}

const text = (value: string | number | null | undefined): string | null => (value == null ? null : String(value))

/** Bytes, so that the least is always the same one. A sort has no room for long ones. */
function textOf({ shown, kind, sql }: KeyValue): string {
  const bytes = kind.type === 'bytes' && shown === sql
  // Without CONCAT the bits of a BIT are taken for a number.
  const printed = bytes ? `CONCAT('0x', HEX(CONCAT(${shown})))` : `CAST(${shown} AS CHAR CHARACTER SET utf8mb4)`
  return `CAST(LEFT(${printed}, ${LONGEST}) AS BINARY)`
}
