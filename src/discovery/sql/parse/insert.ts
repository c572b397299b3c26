import type { SqlInsert, SqlLookup, SqlStatement, SqlValue } from '../../../model/sql.js'
import { OTHER, operand, valueAt } from './operand.js'
import {
  after,
  commas,
  dotted,
  find,
  findWord,
  inside,
  isOpen,
  isOperator,
  isWord,
  type Range,
  range,
  render,
  split,
  strip,
  type Tokens,
} from './range.js'
import { clauses, type Scope, select } from './select.js'
import { aliasAt, namedTable, sameTable } from './table.js'

type Rows = SqlInsert['rows']

/** INSERT and REPLACE in all their forms. */
export function insert(t: Tokens, where: Range, scope: Scope): SqlStatement {
  let at = where.from + 1
  const replaces = isWord(t, where.from, 'replace')
  let ignores = false
  while (isWord(t, at, 'low_priority', 'delayed', 'high_priority', 'ignore')) {
    ignores ||= isWord(t, at, 'ignore')
    at++
  }
  if (isWord(t, at, 'into')) at++
  const named = namedTable(t, at, where.to)
  if (!named) return { kind: 'unparsed', reason: 'insert-without-table' }
  at = named.next
  if (isWord(t, at, 'partition') && isOpen(t, at + 1)) at = after(t, at + 1)
  const hasColumns = isOpen(t, at) && !isWord(t, at + 1, 'select', 'with')
  const columns = hasColumns ? columnsOf(t, inside(t, at)) : null
  if (hasColumns) at = after(t, at)
  if (isWord(t, at, 'overriding')) at += 3
  const rest = range(at, where.to)
  const tail = find(t, rest, (i) => isWord(t, i, 'returning') || isConflict(t, i))
  const source = range(at, tail < 0 ? where.to : tail)
  const body = bodyOf(t, source, columns, named.table, scope)
  if (!body) return { kind: 'unparsed', reason: 'insert-without-values' }
  const conflict = replaces
    ? { action: 'replace' as const, columns: null, constraint: null, where: null }
    : (conflictOf(t, rest) ?? (ignores ? NOTHING : null))
  const idiom = body.unless ? 'not-exists' : 'plain'
  return { kind: 'insert', table: named.table, ...body, conflict, idiom }
}

const NOTHING = { action: 'nothing', columns: null, constraint: null, where: null } as const

const isConflict = (t: Tokens, at: number): boolean => isWord(t, at, 'on') && isWord(t, at + 1, 'conflict', 'duplicate')

export const columnsOf = (t: Tokens, list: Range): string[] =>
  commas(t, list).map(({ from, to }) => dotted(t, from, to)?.names.at(-1) ?? '')

interface Body {
  readonly columns: readonly string[] | null
  readonly rows: Rows
  readonly unless: SqlLookup | null
}

function bodyOf(
  t: Tokens,
  source: Range,
  columns: readonly string[] | null,
  table: SqlInsert['table'],
  scope: Scope,
): Body | null {
  const { from, to } = source
  if (isWord(t, from, 'default')) return { columns, rows: [[]], unless: null }
  if (isWord(t, from, 'values', 'value'))
    return { columns, rows: rowsOf(t, range(from + 1, to), columns), unless: null }
  if (isWord(t, from, 'set')) return assigned(t, range(from + 1, to))
  const query = strip(t, source)
  if (isWord(t, query.from, 'select')) return { columns, ...selected(t, query, table, scope) }
  return isWord(t, query.from, 'with', 'table') || isOpen(t, query.from) ? { columns, rows: [], unless: null } : null
}

/** `a = 1, b = 2` */
function assigned(t: Tokens, list: Range): Body {
  const pairs = commas(t, list).map((pair) => {
    const name = dotted(t, pair.from, pair.to)
    const next = name?.next ?? pair.from
    return { column: name?.names.at(-1) ?? '', value: valueAt(t, range(next + 1, pair.to)) }
  })
  return { columns: pairs.map(({ column }) => column), rows: [pairs.map(({ value }) => value)], unless: null }
}

/** `(…), (…)`; where a server cut a row, what is missing is 'other'. */
export function rowsOf(t: Tokens, list: Range, columns: readonly string[] | null): Rows {
  const rows: SqlValue[][] = []
  for (let i = list.from; i < list.to; i = after(t, i)) {
    if (!isOpen(t, i)) continue
    const cells = commas(t, inside(t, i))
    const cut = cells.findIndex(({ from, to }) => to - from === 1 && isOperator(t, from, '...'))
    const row = (cut < 0 ? cells : cells.slice(0, cut)).map((cell) => valueAt(t, cell))
    while (cut >= 0 && row.length < (columns?.length ?? 0)) row.push(OTHER)
    rows.push(row)
  }
  return rows
}

/** `SELECT values [FROM …] [WHERE NOT EXISTS (…)]` */
function selected(t: Tokens, query: Range, table: SqlInsert['table'], scope: Scope): Omit<Body, 'columns'> {
  const parts = clauses(t, query)
  const source = sourceOf(t, parts.get('from'))
  const resolve: Scope['foreign'] = (qualifier, name) => source?.find(qualifier, name) ?? OTHER
  const items = commas(t, parts.get('list') ?? range(0, 0))
  const star = items.length === 1 && isOperator(t, (items[0]?.to ?? 0) - 1, '*')
  const row = star ? (source?.rows[0] ?? []) : items.map((item) => itemValue(t, item, resolve))
  const rows = row.some(({ kind }) => kind !== 'other') ? [row] : []
  const where = parts.get('where')
  const found = where ? unlessOf(t, where, { ...scope, foreign: resolve }) : null
  return { rows, unless: found && sameTable(found.table, table) ? found : null }
}

function itemValue(t: Tokens, item: Range, resolve: Scope['foreign']): SqlValue {
  const as = findWord(t, item, 'as')
  const bare = range(item.from, as < 0 ? item.to : as)
  const one = operand(t, bare)
  if (one.kind === 'column') return resolve(one.qualifier, one.name) ?? OTHER
  if (one.kind === 'value') return one.value
  // An alias without AS.
  return as < 0 && bare.to - bare.from > 1 ? valueAt(t, range(bare.from, bare.to - 1)) : OTHER
}

function unlessOf(t: Tokens, where: Range, scope: Scope): SqlLookup | null {
  for (const part of split(t, strip(t, where), (at) => isWord(t, at, 'and'))) {
    const piece = strip(t, part)
    if (!isWord(t, piece.from, 'not') || !isWord(t, piece.from + 1, 'exists')) continue
    const found = select(t, range(piece.from + 2, piece.to), scope)
    if (found.kind === 'lookup') return { ...found, asks: 'exists' }
  }
  return null
}

/** `(VALUES (…)) AS s (a, b)`, `(SELECT 1 AS a, …) AS s`: values by column. */
export interface Source {
  readonly rows: Rows
  readonly columns: readonly string[]
  /** Of the first row. */
  find(qualifier: string | null, name: string): SqlValue | null
}

export function sourceOf(t: Tokens, from: Range | undefined): Source | null {
  if (!from || !isOpen(t, from.from)) return null
  const query = strip(t, inside(t, from.from))
  const { alias, next } = aliasAt(t, after(t, from.from), from.to)
  const named = isOpen(t, next) ? columnsOf(t, inside(t, next)) : null
  const read = sourceRows(t, query)
  if (!read) return null
  const columns = named ?? read.columns
  const place = (name: string): number => columns.findIndex((column) => column.toLowerCase() === name.toLowerCase())
  return {
    rows: read.rows,
    columns,
    find: (qualifier, name) =>
      qualifier === null || qualifier.toLowerCase() === alias?.toLowerCase()
        ? (read.rows[0]?.[place(name)] ?? null)
        : null,
  }
}

function sourceRows(t: Tokens, query: Range): { readonly rows: Rows; readonly columns: readonly string[] } | null {
  if (isWord(t, query.from, 'values')) {
    const rows = rowsOf(t, range(query.from + 1, query.to), null)
    return { rows, columns: (rows[0] ?? []).map((_, i) => `column${i + 1}`) }
  }
  if (!isWord(t, query.from, 'select')) return null
  const items = commas(t, clauses(t, query).get('list') ?? range(0, 0))
  const columns = items.map(({ to }) => t[to - 1]?.name ?? '')
  return { rows: [items.map((item) => itemValue(t, item, () => null))], columns }
}

/** ON CONFLICT and ON DUPLICATE KEY. */
function conflictOf(t: Tokens, rest: Range): SqlInsert['conflict'] {
  const on = find(t, rest, (i) => isConflict(t, i))
  if (on < 0) return null
  if (isWord(t, on + 1, 'duplicate')) return { action: 'update', columns: null, constraint: null, where: null }
  const does = findWord(t, range(on, rest.to), 'do')
  const action = does >= 0 && isWord(t, does + 1, 'update') ? 'update' : 'nothing'
  const end = does < 0 ? rest.to : does
  const constraint = isWord(t, on + 2, 'on') ? (t[on + 4]?.name ?? null) : null
  const columns = isOpen(t, on + 2) ? commas(t, inside(t, on + 2)).map((part) => target(t, part)) : null
  const where = findWord(t, range(on, end), 'where')
  return { action, columns, constraint, where: where < 0 ? null : render(t, strip(t, range(where + 1, end))) }
}

/** A column's name, or an expression's text; collations and operator classes left out. */
function target(t: Tokens, part: Range): string {
  const collate = findWord(t, part, 'collate')
  const piece = strip(t, range(part.from, collate < 0 ? part.to : collate))
  const name = dotted(t, piece.from, piece.to)
  const plain = name && (name.next === piece.to || t[name.next]?.kind === 'word')
  return plain ? (name.names.at(-1) ?? '') : render(t, piece)
}
