import type { Table } from '../../model/catalog.js'
import type { ColumnStatistics, TableStatistics } from '../../model/statistics.js'
import { groupBy, keyOf, toForeignKeys } from './catalog.js'
import { type IndexRow, readForeignKeyRows, readIndexRows } from './catalog-queries.js'
import type { ReadTransaction } from './driver.js'

/**
 * In the order of `tables`. What the planner knows of values is how many distinct ones an index begins with; of columns
 * that no index begins with, of NULLs and of widths it knows nothing that everybody may read.
 */
export async function readStatistics(
  { query, server }: ReadTransaction,
  tables: readonly Table[],
): Promise<readonly TableStatistics[]> {
  const names = tables.map(({ schema, name }) => ({ schema, name }))
  const indexes = groupBy(await readIndexRows(query, names, server), (row) => keyOf(row, server))
  const foreignKeys = groupBy(toForeignKeys(await readForeignKeyRows(query, names)), ({ child }) =>
    keyOf(child, server),
  )
  return tables.map((table) => {
    const key = keyOf(table, server)
    return {
      estimatedRows: table.estimatedRows,
      columns: columnStatistics(table, indexes.get(key) ?? []),
      foreignKeys: (foreignKeys.get(key) ?? []).map(({ columns }) => columns),
    }
  })
}

function columnStatistics({ estimatedRows, columns }: Table, rows: readonly IndexRow[]): ColumnStatistics[] {
  return columns.flatMap(({ name }) => {
    const leading = rows.filter((row) => row.column === name && Number(row.position) === 1 && row.prefix === null)
    const distinct = leading.flatMap(({ cardinality }) => (cardinality === null ? [] : [Number(cardinality)]))
    if (distinct.length === 0) return []
    const distinctness = estimatedRows ? Math.min(1, Math.max(...distinct) / estimatedRows) : null
    return [{ column: name, distinctness, nullFraction: 0, averageWidth: 0 }]
  })
}
