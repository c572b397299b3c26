import type { Column, Index, IndexPart } from '../../model/catalog.js'
import { printed } from './catalog-columns.js'
import type { IndexRow, Of } from './catalog-queries.js'
import { sameName } from './sql-text.js'

/** The indexes of one table; `pinned` is for the caller to find out. */
export function toIndexes(rows: readonly Of<IndexRow>[], columns: readonly Column[]): Index[] {
  const names = [...new Set(rows.map((row) => row.index))]
  return names.flatMap((name) => {
    const own = rows
      .filter((row) => row.index === name)
      .sort((left, right) => Number(left.position) - Number(right.position))
    const [first] = own
    if (first === undefined) return []
    const primary = name === 'PRIMARY'
    return [
      {
        name,
        schema: first.schema,
        table: first.name,
        unique: Number(first.nonUnique) === 0,
        primary,
        exclusion: false,
        period: false,
        constraint: primary ? name : null,
        deferrable: false,
        valid: true,
        ready: true,
        nullsNotDistinct: false,
        method: first.type.toLowerCase(),
        parts: own.map((row) => toPart(row, columns)),
        predicate: null,
        attached: null,
        partitionLocal: false,
        pinned: false,
        ...(first.ignored === 'YES' ? { ignored: true } : {}),
      },
    ]
  })
}

function toPart(row: IndexRow, columns: readonly Column[]): IndexPart {
  const column = columns.find(({ name }) => row.column !== null && sameName(name, row.column))
  return {
    column: row.column,
    expression: row.column === null ? printed(row.expression ?? '', 'mysql') : null,
    ...(row.prefix === null ? {} : { prefix: Number(row.prefix) }),
    ...(row.direction === 'D' ? { descending: true } : {}),
    equality: {
      kind: 'default',
      operator: '=',
      operatorClass: null,
      collation: null,
      deterministic: column?.deterministic ?? false,
    },
  }
}

/** A foreign key needs an index that begins with its columns, in any order: the last such index can't be dropped. */
export function isPinned(index: Index, all: readonly Index[], foreignKeys: readonly (readonly string[])[]): boolean {
  return foreignKeys.some(
    (columns) => beginsWith(index, columns) && !all.some((other) => other !== index && beginsWith(other, columns)),
  )
}

function beginsWith(index: Index, columns: readonly string[]): boolean {
  const start = index.parts.slice(0, columns.length)
  return (
    index.method === 'btree' &&
    start.length === columns.length &&
    columns.every((name) => start.some(({ column, prefix }) => column !== null && !prefix && sameName(column, name)))
  )
}
