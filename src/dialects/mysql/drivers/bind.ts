import { quoteLiteral } from '../sql-text.js'

/** What may hold a `?` that stands for none: texts, names and comments. */
const skipped = ['"(?:[^"]|"")*"', '`(?:[^`]|``)*`', String.raw`--\s[^\n]*`, '#[^\n]*', String.raw`/\*.*?\*/`]
const withBackslashes = [String.raw`'(?:[^'\\]|''|\\.)*'`, String.raw`"(?:[^"\\]|""|\\.)*"`]
const withoutBackslashes = [`'(?:[^']|'')*'`]

const pattern = (parts: readonly string[]): RegExp => new RegExp([...parts, ...skipped, String.raw`\?`].join('|'), 'gs')
const patterns = { on: pattern(withBackslashes), off: pattern(withoutBackslashes) }

/**
 * Puts the values into the statement: mysql2 would do so with backslashes, which NO_BACKSLASH_ESCAPES makes part of the
 * text, and inside of names. A list stands for its elements, as in `IN (?)`.
 */
export function bind(sql: string, values: readonly unknown[], sqlMode: string): string {
  if (values.length === 0) return sql
  let used = 0
  const text = sql.replaceAll(sqlMode.includes('NO_BACKSLASH_ESCAPES') ? patterns.off : patterns.on, (found) => {
    if (found !== '?') return found
    used += 1
    return literal(values[used - 1])
  })
  if (used !== values.length) throw new Error(`${used} places for ${values.length} values in a statement`)
  return text
}

function literal(value: unknown): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return quoteLiteral(value)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (Buffer.isBuffer(value)) return `x'${value.toString('hex')}'`
  if (Array.isArray(value)) return value.length === 0 ? 'NULL' : value.map(literal).join(', ')
  throw new Error(`a value of type ${typeof value} can't be sent`)
}
