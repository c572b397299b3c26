import type { DuplicateSample } from '../../model/duplicates.js'
import type { ReadTransaction } from './driver.js'
import { ask, keyColumns, keyNames, type Rows, whereClause } from './duplicates-exact.js'
import type { ComparedColumn, CountedKeySet, Key } from './duplicates-key.js'

/** Longest text of a key's value that is fetched, in characters. */
const LONGEST = 1000
/** Columns of a statement that counts distinct values in each; the server allows 1664 in all. */
export const COLUMNS_AT_ONCE = 400

/** A group as the server tells it. */
export interface SampleRow {
  readonly key: readonly (string | null)[]
  readonly rows: number
  /** By compared column. */
  readonly differs: readonly boolean[]
}

/** Of rows with k0 … and c0 …: the largest groups as one JSON array, equal ones in the order of their keys' texts. */
export function samplesSql(key: Key, compared: readonly ComparedColumn[], from: string, limit: number): string {
  const texts = key.values.map((_, at) => `left(min(k${at}::text COLLATE "C"), ${LONGEST})`)
  const differs = compared.map((_, at) => `count(DISTINCT c${at}) + (count(c${at}) < count(*))::int > 1`)
  return `SELECT coalesce(json_agg(json_build_object('key', key, 'rows', n, 'differs', differs) ORDER BY n DESC, key), '[]')
    FROM (
      SELECT count(*) AS n, ARRAY[${texts.join(', ')}] AS key, ARRAY[${differs.join(', ')}]::bool[] AS differs
      FROM ${from} GROUP BY ${keyNames(key)} HAVING count(*) > 1 ORDER BY 1 DESC, 2 LIMIT ${Math.trunc(limit)}
    ) AS g`
}

export function toSample(key: Key, compared: readonly ComparedColumn[], row: SampleRow): DuplicateSample {
  return {
    key: Object.fromEntries(key.values.map(({ label }, at) => [label, row.key[at] ?? null])),
    rows: row.rows,
    differingColumns: compared.flatMap(({ name }, at) => (row.differs[at] ? [name] : [])),
  }
}

/** The largest groups among some rows. */
export async function sampleGroups(
  transaction: ReadTransaction,
  { lookup: key, compared }: CountedKeySet,
  rows: Rows,
  limit: number,
): Promise<DuplicateSample[]> {
  let samples: DuplicateSample[] = []
  for (let start = 0; start === 0 || start < compared.length; start += COLUMNS_AT_ONCE) {
    const some = compared.slice(start, start + COLUMNS_AT_ONCE)
    const columns = some.map(({ sql }, at) => `, ${sql} AS c${at}`).join('')
    const from = `(SELECT ${keyColumns(key)}${columns} FROM ${key.from} ${whereClause(key, rows)}) AS r`
    const found = await ask<SampleRow[]>(
      transaction,
      `SELECT (${samplesSql(key, some, from, limit)})::text AS answer`,
      rows.values,
    )
    samples = found.map((row, at) => {
      const sample = toSample(key, some, row)
      return { ...sample, differingColumns: [...(samples[at]?.differingColumns ?? []), ...sample.differingColumns] }
    })
  }
  return samples
}
