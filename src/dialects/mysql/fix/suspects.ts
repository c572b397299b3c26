import type { Table } from '../../../model/catalog.js'
import type { SuspectedReference } from '../../../model/plan-facts.js'
import { labelOf } from './closure.js'
import { type ColumnName, place } from './facts-queries.js'

const INTEGER = /^(tinyint|smallint|mediumint|int|bigint)$/

/** Columns that are named after one of these tables, and in no foreign key. */
export function suspectedReferences(columns: readonly ColumnName[], tables: readonly Table[]): SuspectedReference[] {
  const targets = tables.flatMap((table) => {
    const key =
      table.primaryKey.length === 1 ? table.columns.find(({ name }) => name === table.primaryKey[0]) : undefined
    return key === undefined ? [] : [{ table, key, names: namesAfter(table.name.toLowerCase()) }]
  })
  const beside = new Map<string, Set<string>>()
  for (const column of columns) {
    const known = beside.get(place(column)) ?? new Set()
    beside.set(place(column), known.add(column.column.toLowerCase()))
  }
  return columns.flatMap((column) => {
    const name = column.column.toLowerCase()
    if (column.refers || name === 'content_type_id') return []
    // `commentable_id` beside `commentable_type` may mean any table.
    const polymorphic =
      name.endsWith('_id') &&
      [name.replace(/_id$/, '_type'), 'content_type_id'].some((kind) => beside.get(place(column))?.has(kind))
    return targets.flatMap(({ table, key, names }) =>
      polymorphic || (names.has(name) && isSameType(column, key))
        ? [{ schema: column.schema, table: column.name, column: column.column, to: labelOf(table) }]
        : [],
    )
  })
}

function namesAfter(table: string): ReadonlySet<string> {
  const singular = table.replace(/ies$/, 'y')
  const stems = [
    table,
    singular,
    singular.replace(/s$/, ''),
    singular.replace(/^.*_/, ''),
    singular.replace(/^.*_/, '').replace(/s$/, ''),
  ]
  return new Set([...stems.map((stem) => `${stem}_id`), `${table}id`])
}

function isSameType(
  column: Pick<ColumnName, 'type' | 'baseType' | 'collation'>,
  key: Table['columns'][number],
): boolean {
  if (INTEGER.test(column.baseType) && INTEGER.test(key.baseType)) return true
  return column.baseType === key.baseType && column.collation === key.collation
}
