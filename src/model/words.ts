import type { Index, IndexPart } from './catalog.js'
import { collapseSpace, quoted } from './keyset-id.js'

/** `1234567` → `1,234,567`, whatever the locale of the machine. */
export function number(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 row`, `2 rows`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`
}

/** An expression as the database prints it, without parentheses around the whole. */
export function bare(sql: string): string {
  const inner = /^\((.*)\)$/su.exec(sql)?.[1]
  if (inner === undefined) return sql
  let depth = 0
  for (const character of inner.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '')) {
    if (character === '(') depth++
    if (character === ')' && --depth < 0) return sql
  }
  return bare(inner)
}

/** What one part of an index holds: the column's name, a function call, or another expression in parentheses. */
export function partLabel(part: IndexPart | undefined): string {
  if (!part?.expression) return part?.column ? quoted(part.column) : '?'
  const expression = bare(collapseSpace(part.expression))
  const args = /^[\w.]+(\(.*\))$/s.exec(expression)?.[1]
  return args !== undefined && bare(args) !== args ? expression : `(${expression})`
}

/** `unique index`, `invalid unique constraint`, `primary key` … */
export function indexKind(index: Index): string {
  const words = []
  if (!index.valid) words.push('invalid')
  if (index.deferrable) words.push('deferrable')
  if (index.primary) words.push('primary key')
  else if (index.exclusion && !index.unique) words.push('exclusion constraint')
  else if (!index.unique) words.push('index')
  else words.push(index.constraint === null ? 'unique index' : 'unique constraint')
  return words.join(' ')
}

/** `on (tenant_id, lower(email)) nulls not distinct where deleted_at IS NULL`; raw, not made safe for a terminal. */
export function indexShape(index: Index): string {
  const nulls = index.nullsNotDistinct ? ' nulls not distinct' : ''
  const where = index.predicate === null ? '' : ` where ${bare(collapseSpace(index.predicate))}`
  const place = index.partitionLocal ? ` of partition ${index.table}` : ''
  return `on (${index.parts.map(partLabel).join(', ')})${nulls}${where}${place}`
}
