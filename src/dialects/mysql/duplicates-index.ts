import type { Table } from '../../model/catalog.js'
import type { Key } from './duplicates-key.js'
import { quoteIdentifier, sameName } from './sql-text.js'

/** Name of an index that begins with the key's columns, in any order, so that rows of a group are neighbours in it. */
export function groupingIndex({ indexes }: Table, { values }: Key): string | null {
  if (values.some(({ isColumn, sql, shown }) => !isColumn || sql !== shown)) return null
  const index = indexes.find(
    ({ parts, method, ignored, partitionLocal }) =>
      method === 'btree' &&
      ignored !== true &&
      !partitionLocal &&
      values.every(({ sql }) =>
        parts
          .slice(0, values.length)
          .some(
            ({ column, prefix }) => column !== null && prefix === undefined && sameName(quoteIdentifier(column), sql),
          ),
      ),
  )
  return index?.name ?? null
}
