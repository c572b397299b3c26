import type { KeyPart, Row, Table, Type } from './fix-schema.js'

/** What PostgreSQL does with values, on their texts. */

/** The same text for whatever the type's own `=` calls equal. */
export function canonical(type: Type, value: string): string {
  if (type === 'numeric' || type === 'numeric(6,2)') return String(Number(value))
  if (type === 'jsonb') return JSON.stringify(JSON.parse(value))
  return value
}

export function typeOf({ name, columns }: Pick<Table, 'name' | 'columns'>, column: string): Type {
  const found = columns.find((each) => each.name === column)
  if (found === undefined) throw new Error(`${name} has no column ${column}.`)
  return found.type
}

export function isSame(table: Table, column: string, one: Row, other: Row): boolean {
  const [a, b] = [one[column] ?? null, other[column] ?? null]
  if (a === null || b === null) return a === b
  return canonical(typeOf(table, column), a) === canonical(typeOf(table, column), b)
}

/** The same text for rows that are equal by a key; null for a row that the key leaves alone because of a NULL. */
export function keyOf(
  table: Pick<Table, 'name' | 'columns'>,
  parts: readonly KeyPart[],
  groupsNulls: boolean,
  row: Row,
) {
  const values = parts.map(({ column, fold }) => {
    const value = row[column] ?? null
    if (value === null) return null
    return canonical(typeOf(table, column), fold ? value.toLowerCase() : value)
  })
  return values.includes(null) && !groupsNulls ? null : JSON.stringify(values)
}

/** By the type's order; of texts that would be up to the collation. */
export function compareValues(type: Type, a: string, b: string): number {
  if (type === 'text' || type === 'jsonb') throw new Error(`The order of ${type} is not known here.`)
  if (type === 'boolean' || type === 'timestamptz') return a < b ? -1 : Number(a > b)
  return Number(a) - Number(b)
}

/** The sum has as many decimals as the longest of its terms. */
export function sumOf(values: readonly string[]): string {
  const scale = Math.max(...values.map((value) => value.split('.')[1]?.length ?? 0))
  const units = values.reduce((sum, value) => sum + Math.round(Number(value) * 10 ** scale), 0)
  return (units / 10 ** scale).toFixed(scale)
}

/** The row with its generated columns as they follow from the others. */
export function generate({ columns }: Pick<Table, 'columns'>, row: Row): Row {
  const values = columns.flatMap(({ name, generated }) => {
    if (generated === null) return []
    const value = row[generated.from] ?? null
    if (value === null) return [[name, null]]
    return [[name, generated.by === 'lower' ? value.toLowerCase() : String(Number(value) * 2)]]
  })
  return { ...row, ...Object.fromEntries(values) }
}
