import { type LoggedFailure, STANDARD_SQL } from '../model/statement.js'
import type { PostgresRecord } from './postgres-record.js'

/** Of a record about an error. The values of the violated key stay behind. */
export function failureOf(record: PostgresRecord): LoggedFailure {
  const kind = kindOf(record)
  const unique = kind === 'unique-violation'
  return {
    at: record.at,
    session: record.session,
    database: record.database,
    transaction: record.transaction,
    grammar: STANDARD_SQL,
    kind,
    constraint: unique ? quotedName(record.message) : '',
    columns: unique ? keyColumns(record.detail) : [],
    text: record.statement,
    parameters: portalValues(record.context),
  }
}

function kindOf({ sqlstate, message, statement }: PostgresRecord): LoggedFailure['kind'] {
  if (sqlstate === '23505' || (sqlstate === '' && message.startsWith('duplicate key value violates unique constraint')))
    // Building an index over rows that are duplicates already has the same code.
    return /^\s*(CREATE|ALTER|REINDEX)\b/i.test(statement) ? 'other' : 'unique-violation'
  if (sqlstate === '40P01' || (sqlstate === '' && message.startsWith('deadlock detected'))) return 'deadlock'
  if (sqlstate === '40001' || (sqlstate === '' && message.startsWith('could not serialize access')))
    return 'serialization'
  return 'other'
}

/** UTF-8 of the quotation marks that translations use, byte by byte: » « „ “ ”. */
const openQuote = /"|\xc2\xbb ?|\xc2\xab ?|\xe2\x80\x9e|\xe2\x80\x9c/
const closeQuote = /"|(?: |\xc2\xa0)?\xc2[\xbb\xab]|\xe2\x80[\x9c\x9d]/g

/** Of `… unique constraint "cart_key"`. */
function quotedName(message: string): string {
  const open = openQuote.exec(message)
  if (!open) return ''
  const from = open.index + open[0].length
  const close = [...message.slice(from).matchAll(closeQuote)].at(-1)
  return close ? message.slice(from, from + close.index) : ''
}

/** Of `Key (a, lower(b))=(1, x) already exists.`, in any language. */
function keyColumns(detail: string): string[] {
  const open = detail.indexOf('(')
  if (open < 0) return []
  const columns: string[] = []
  let depth = 1
  let start = open + 1
  let quote = ''
  for (let at = start; at < detail.length; at++) {
    const char = detail[at] as string
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth++
    else if (char === ')') depth--
    const last = depth === 0
    if (last || (depth === 1 && char === ',' && quote === '')) {
      columns.push(detail.slice(start, at).trim())
      start = at + 1
    }
    if (last) return detail.startsWith('=(', at + 1) ? columns : []
  }
  return []
}

/** Servers told to log the parameters of what failed put them into the context. */
function portalValues(context: string): string | null {
  const at = context.indexOf(': $1 = ')
  if (at < 0) return null
  const end = context.indexOf('\n', at)
  return end < 0 ? context.slice(at + 2) : context.slice(at + 2, end)
}
