import type { SqlLookup, SqlMember, SqlStatement, SqlValue } from '../../../model/sql.js'
import { valueAt } from './operand.js'
import {
  after,
  commas,
  find,
  findWord,
  inside,
  isOpen,
  isOperator,
  isWord,
  type Range,
  range,
  strip,
  type Tokens,
} from './range.js'
import { aliasAt, namedTable, owns } from './table.js'
import { type Names, terms } from './where.js'

/** What a statement's WITH names, and the values that outer columns have. */
export interface Scope {
  readonly tables: ReadonlyMap<string, SqlLookup | null>
  readonly foreign: Names['foreign']
}

export const NO_SCOPE: Scope = { tables: new Map(), foreign: () => null }

type Clause = 'from' | 'where' | 'group' | 'order' | 'limit' | 'offset' | 'lock' | 'union' | 'rest'

/** Where the clauses of a SELECT begin; `list` is always there. */
export type Clauses = ReadonlyMap<Clause | 'list', Range>

function clauseAt(t: Tokens, at: number, seen: ReadonlySet<Clause>): Clause | null {
  const token = t[at]
  if (token?.kind !== 'word' || isOperator(t, at - 1, '.')) return null
  const next = (...words: readonly string[]): boolean => isWord(t, at + 1, ...words)
  const compared = t[at + 1]?.kind === 'operator'
  switch (token.text) {
    case 'from':
      return seen.has('from') || seen.has('where') || isWord(t, at - 1, 'distinct') ? null : 'from'
    case 'where':
      return 'where'
    case 'group':
    case 'order':
      return next('by') ? token.text : null
    case 'having':
      return 'group'
    case 'limit':
      return 'limit'
    case 'fetch':
      return next('first', 'next') ? 'limit' : null
    case 'offset':
      return compared || !seen.has('from') ? null : 'offset'
    case 'for':
      return next('update', 'share', 'no', 'key') ? 'lock' : null
    case 'lock':
      return next('in') ? 'lock' : null
    case 'union':
    case 'except':
    case 'intersect':
      return 'union'
    case 'into':
    case 'window':
      return compared ? null : 'rest'
    default:
      return null
  }
}

export function clauses(t: Tokens, { from, to }: Range): Clauses {
  const found = new Map<Clause | 'list', Range>()
  const seen = new Set<Clause>()
  let current: Clause | 'list' = 'list'
  let start = from + 1
  const close = (at: number): void => {
    if (!found.has(current)) found.set(current, range(start, at))
  }
  for (let i = from + 1; i < to; i = after(t, i)) {
    const clause = clauseAt(t, i, seen)
    if (!clause) continue
    close(i)
    seen.add(clause)
    current = clause
    start = i + 1
    if (clause === 'union') break
  }
  close(to)
  return found
}

/** A SELECT as a lookup; 'other' where it reads no table. */
export function select(t: Tokens, where: Range, scope: Scope, depth = 0): SqlStatement {
  const piece = strip(t, where)
  if (depth > 50) return { kind: 'unparsed', reason: 'too-deep' }
  if (isOpen(t, piece.from)) return branch(t, piece, scope, depth)
  if (!isWord(t, piece.from, 'select')) return { kind: 'other' }
  const parts = clauses(t, piece)
  const from = parts.get('from')
  const list = parts.get('list') ?? range(piece.from, piece.from)
  if (!from || (isWord(t, from.from, 'dual') && from.to - from.from === 1)) return withoutTable(t, list, scope, depth)
  const found = readFrom(t, from, scope, depth)
  const rest = parts.get('union')
  if (!found && rest) return select(t, afterUnion(t, rest), scope, depth + 1)
  if (!found) return withoutTable(t, existsIn(t, parts.get('where')), scope, depth)
  return complete(t, parts, list, found, scope)
}

/** `(SELECT …) UNION (SELECT …)`: the first that reads a table. */
function branch(t: Tokens, piece: Range, scope: Scope, depth: number): SqlStatement {
  const first = select(t, inside(t, piece.from), scope, depth + 1)
  return first.kind === 'lookup' ? { ...first, conditions: [...first.conditions, UNION] } : first
}

const UNION = { column: null, kind: 'other', sql: 'UNION' } as const

const afterUnion = (t: Tokens, { from, to }: Range): Range =>
  range(isWord(t, from, 'all', 'distinct') ? from + 1 : from, to)

/** `SELECT EXISTS (SELECT …)`, `SELECT CASE WHEN EXISTS (…) …`, `SELECT (SELECT …)`. */
function withoutTable(t: Tokens, list: Range, scope: Scope, depth: number): SqlStatement {
  for (let i = list.from; i < list.to; i++) {
    if (!isOpen(t, i) || !isWord(t, i + 1, 'select')) continue
    const found = select(t, inside(t, i), scope, depth + 1)
    if (found.kind !== 'lookup') return found
    return isWord(t, i - 1, 'exists') ? { ...found, asks: 'exists' } : found
  }
  return { kind: 'other' }
}

/** `SELECT 1 FROM (SELECT 1) x WHERE EXISTS (SELECT …)`: the condition, where it is nothing else. */
function existsIn(t: Tokens, where: Range | undefined): Range {
  const piece = strip(t, where ?? range(0, 0))
  return isWord(t, piece.from, 'exists') && after(t, piece.from + 1) === piece.to ? piece : range(0, 0)
}

interface From {
  readonly table: SqlLookup['table']
  readonly alias: string | null
  readonly joins: boolean
  /** Of a subselect or a WITH. */
  readonly inner: SqlLookup | null
}

function readFrom(t: Tokens, from: Range, scope: Scope, depth: number): From | null {
  const joins = find(t, from, (i) => isOperator(t, i, ',') || isWord(t, i, 'join', 'straight_join')) >= 0
  if (isOpen(t, from.from)) {
    const sub = inside(t, from.from)
    if (!isWord(t, sub.from, 'select', 'with', 'values') && !isOpen(t, sub.from))
      return readJoined(readFrom(t, sub, scope, depth + 1), joins)
    const inner = select(t, sub, scope, depth + 1)
    const { alias } = aliasAt(t, after(t, from.from), from.to)
    return inner.kind === 'lookup' ? { table: inner.table, alias, joins, inner } : null
  }
  const named = namedTable(t, isWord(t, from.from, 'lateral') ? from.from + 1 : from.from, from.to)
  if (!named || (isOpen(t, named.next) && named.alias === null)) return null
  const inner = named.table.schema === null ? scope.tables.get(named.table.name) : undefined
  if (inner === null) return null
  return { table: inner?.table ?? named.table, alias: named.alias, joins, inner: inner ?? null }
}

const readJoined = (from: From | null, joins: boolean): From | null => from && { ...from, joins: from.joins || joins }

function complete(t: Tokens, parts: Clauses, list: Range, from: From, scope: Scope): SqlLookup {
  const where = parts.get('where') ?? range(0, 0)
  const found = terms(t, where, { owns: owns(from.table, from.alias), foreign: scope.foreign })
  const own = shapeOf(t, parts, list)
  const union = parts.has('union') ? [UNION] : []
  const { table, joins, inner } = from
  const members = found.members.filter((one, at) => !found.members.slice(0, at).some((other) => isRepeated(other, one)))
  if (!inner) return { kind: 'lookup', table, ...own, members, conditions: [...found.conditions, ...union], joins }
  // What is asked of a subselect's rows is asked of the table's only as a condition.
  const asked = found.members.map(({ column }) => ({ column, kind: 'other', sql: `${column} = ?` }) as const)
  return {
    ...inner,
    asks: own.asks === 'rows' ? inner.asks : own.asks,
    conditions: [...inner.conditions, ...asked, ...found.conditions, ...union],
    limit: own.limit ?? inner.limit,
    locks: own.locks || inner.locks,
    joins: joins || inner.joins,
    ordered: own.ordered || inner.ordered,
    grouped: own.grouped || inner.grouped,
  }
}

/** `a = 1 AND a = 1`: an ORM's relation and the caller both say it. */
const isRepeated = (one: SqlMember, other: SqlMember): boolean =>
  one.column === other.column && one.match === other.match && one.value.kind === other.value.kind

function shapeOf(
  t: Tokens,
  parts: Clauses,
  list: Range,
): Pick<SqlLookup, 'asks' | 'limit' | 'locks' | 'ordered' | 'grouped'> {
  const limit = parts.get('limit')
  return {
    asks: asks(t, list),
    limit: limit ? limitOf(t, limit) : null,
    locks: parts.has('lock'),
    ordered: parts.has('order'),
    grouped: parts.has('group') || isAggregate(t, list),
  }
}

const AGGREGATES = [
  'sum',
  'min',
  'max',
  'avg',
  'array_agg',
  'json_agg',
  'jsonb_agg',
  'string_agg',
  'group_concat',
  'bool_or',
  'bool_and',
]

const isAggregate = (t: Tokens, list: Range): boolean =>
  commas(t, list).some(({ from }) => isOpen(t, from + 1) && isWord(t, from, ...AGGREGATES))

function asks(t: Tokens, list: Range): SqlLookup['asks'] {
  const items = commas(t, list)
  const only = items[0]
  if (!only || items.length > 1) return 'rows'
  if (isWord(t, only.from, 'count') && isOpen(t, only.from + 1)) return 'count'
  const as = findWord(t, only, 'as')
  const item = strip(t, range(only.from, as < 0 ? only.to : as))
  const token = t[item.from]
  const constant =
    token?.kind === 'number' ||
    token?.kind === 'text' ||
    token?.kind === 'parameter' ||
    isWord(t, item.from, 'true', 'null')
  return constant && item.to - item.from <= 2 ? 'exists' : 'rows'
}

function limitOf(t: Tokens, piece: Range): number | SqlValue | null {
  if (isWord(t, piece.from, 'all')) return null
  const fetch = isWord(t, piece.from, 'first', 'next')
  if (fetch && isWord(t, piece.from + 1, 'row', 'rows')) return 1
  const items = commas(t, piece)
  const last = items.at(-1)
  if (!last) return null
  return fetch ? valueAt(t, range(piece.from + 1, piece.from + 2)) : valueAt(t, last)
}
