import type { Index, IndexPart, Table } from '../../../model/catalog.js'
import type { GeneratedColumn } from '../../../model/plan.js'
import type { UniqueKeyFacts } from '../../../model/plan-facts.js'
import { columnsIn, quoteIdentifier } from '../sql-text.js'

/**
 * What rows are checked against now, as SQL to group by. Exclusion constraints count where all their operators are
 * equalities; overlaps can't be grouped: a row that would violate one makes the migration fail, and nothing happens.
 */
export function uniqueKeysOf(table: Table): UniqueKeyFacts[] {
  return table.indexes.filter(isEqualityKey).map((index) => toKey(index, table))
}

/** Columns that follow from others, which a repointed or merged row changes with them. */
export function generatedColumns({ columns }: Table): GeneratedColumn[] {
  const names = columns.map(({ name }) => name)
  return columns.flatMap(({ name, expression: sql }) =>
    sql === null ? [] : [{ name, sql, from: columnsIn(sql, names) }],
  )
}

function isEqualityKey({ unique, exclusion, ready, period, partitionLocal, parts }: Index): boolean {
  return (
    (unique || exclusion) &&
    ready &&
    !period &&
    !partitionLocal &&
    parts.every(({ equality }) => equality.kind !== 'overlap')
  )
}

function toKey(index: Index, table: Table): UniqueKeyFacts {
  const names = table.columns.map((column) => column.name)
  const values = index.parts.map((part) => ({ sql: partSql(part), groupsNulls: index.nullsNotDistinct }))
  const filled = index.nullsNotDistinct ? [] : values.map(({ sql }) => `(${sql}) IS DISTINCT FROM NULL`)
  const mentioned = [
    ...index.parts.flatMap((part) => part.column ?? columnsIn(part.expression ?? '', names)),
    ...(index.predicate === null ? [] : columnsIn(index.predicate, names)),
  ]
  return {
    name: index.name,
    columns: [...new Set(mentioned)],
    values,
    conditions: [...(index.predicate === null ? [] : [`(${index.predicate})`]), ...filled],
  }
}

function partSql({ column, expression, equality }: IndexPart): string {
  const sql = column === null ? `(${expression})` : quoteIdentifier(column)
  return equality.collation === null ? sql : `${sql} COLLATE ${equality.collation}`
}
