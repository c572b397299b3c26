import type { Column, Index, IndexPart, Table } from '../../../model/catalog.js'
import type { GeneratedColumn } from '../../../model/plan.js'
import type { Refusal, UniqueKeyFacts } from '../../../model/plan-facts.js'
import { columnsIn, quoteIdentifier, quoteRelation, sameName } from '../sql-text.js'
import { labelOf } from './closure.js'

/** What rows are checked against now, as SQL to group by: by the collations of the columns, as the indexes do it. */
export function uniqueKeysOf(table: Table): UniqueKeyFacts[] {
  return table.indexes.filter(({ unique }) => unique).map((index) => toKey(index, table))
}

function toKey({ name, parts }: Index, { columns }: Table): UniqueKeyFacts {
  const names = columns.map((column) => column.name)
  const mentioned = parts.flatMap(({ column, expression }) => column ?? columnsIn(expression ?? '', names))
  const filled = parts.filter(({ column }) => !columns.some((each) => each.name === column && each.notNull))
  return {
    name,
    columns: [...new Set(mentioned)],
    // NULL is never equal to NULL in an index.
    values: parts.map((part) => ({ sql: partSql(part), groupsNulls: false })),
    conditions: filled.map((part) => `(${partSql({ ...part, prefix: 0 })}) IS NOT NULL`),
  }
}

function partSql({ column, expression, prefix }: Pick<IndexPart, 'column' | 'expression' | 'prefix'>): string {
  if (column === null) return `(${expression})`
  const name = quoteIdentifier(column)
  return prefix ? `LEFT(${name}, ${prefix})` : name
}

/** Begin and end of a row version are the server's own. */
const ROW_PERIOD = /^row (start|end)$/i

/** Columns that follow from others, which a repointed or merged row changes with them. */
export function generatedColumns({ columns }: Table): GeneratedColumn[] {
  const names = columns.map(({ name }) => name)
  return columns.flatMap(({ name, expression: sql }) =>
    sql === null || ROW_PERIOD.test(sql) ? [] : [{ name, sql, from: columnsIn(sql, names) }],
  )
}

/**
 * Columns by whose values the migration knows a row: the primary key, or else a unique key that tells all rows apart.
 * Empty where there is neither.
 */
export function rowKeyOf(table: Table, outgoing: readonly (readonly string[])[]): readonly string[] {
  const usable = table.indexes.filter((index) => index.unique && isRowKey(index, table))
  const primary = usable.find(({ primary }) => primary)
  if (primary !== undefined) return columnsOf(primary)
  // Values that the migration repoints are the worst to know a row by.
  const moving = (index: Index) => (columnsOf(index).some((name) => outgoing.flat().includes(name)) ? 1 : 0)
  const [best] = [...usable].sort((a, b) => moving(a) - moving(b) || a.parts.length - b.parts.length)
  return best === undefined ? [] : columnsOf(best)
}

const columnsOf = ({ parts }: Index): string[] => parts.flatMap(({ column }) => column ?? [])

function isRowKey({ parts, method, primary }: Index, { columns }: Table): boolean {
  return (
    method !== 'hash' &&
    parts.every(({ column, prefix }) => {
      const found = columns.find(({ name }) => name === column)
      return found?.notNull === true && !prefix && (primary || found.generated === null)
    })
  )
}

/** What to do where rows can't be told from each other. */
export function withoutRowKey(table: Table): Refusal {
  return {
    refused: `${labelOf(table)} has no primary key, and no unique key of whole columns that can't be NULL: its rows can't be told apart`,
    advice: `Give it one first; being invisible, it doesn't show in SELECT *:\nALTER TABLE ${quoteRelation(table)} ADD COLUMN ${quoteIdentifier(freeName(table.columns))} BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY INVISIBLE;`,
  }
}

function freeName(columns: readonly Column[]): string {
  const taken = (name: string) => columns.some((column) => sameName(column.name, name))
  const names = ['row_id', ...columns.map((_, at) => `row_id_${at + 2}`)]
  return names.find((name) => !taken(name)) ?? 'row_id'
}

/** The columns are, all of them, or some of them, unique by themselves. */
export function areUnique({ indexes }: Table, columns: readonly string[]): boolean {
  return indexes.some(
    ({ unique, parts }) =>
      unique &&
      parts.every(({ column, prefix }) => column !== null && columns.some((name) => sameName(name, column) && !prefix)),
  )
}

/**
 * The table as its rows are kept in temporary tables and in the archive: a type alone says what a column can hold and
 * what it calls equal.
 */
export const declared = (table: Table, primaryKey: readonly string[]): Table => ({
  ...table,
  primaryKey,
  columns: table.columns.map((column) => ({ ...column, type: declarationOf(column) })),
})

function declarationOf({ type, collation }: Column): string {
  // How it is stored is nobody else's concern.
  const bare = type.replace(/ \/\*M?!\d+ COMPRESSED\*\//i, '')
  if (collation === null) return bare
  const [characterSet = ''] = collation.split('_', 1)
  return `${bare} CHARACTER SET ${characterSet} COLLATE ${collation}`
}
