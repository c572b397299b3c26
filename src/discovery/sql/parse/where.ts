import type { Match } from '../../../model/keyset.js'
import type { SqlCondition, SqlMember, SqlValue } from '../../../model/sql.js'
import { type Operand, OTHER, operand } from './operand.js'
import {
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

/** Whose columns are looked for. */
export interface Names {
  /** Whether a qualifier means our table; null: there is none. */
  owns(qualifier: string | null): boolean
  /** Value of a column of another table, where it has one; null: the comparison says nothing about ours. */
  foreign(qualifier: string | null, name: string): SqlValue | null
}

export interface Terms {
  readonly members: SqlMember[]
  readonly conditions: SqlCondition[]
}

const DEEPEST = 100

/** All that is joined by AND, in any nesting of brackets. */
export function terms(
  t: Tokens,
  where: Range,
  names: Names,
  into: Terms = { members: [], conditions: [] },
  depth = 0,
): Terms {
  const piece = strip(t, where)
  if (piece.from >= piece.to) return into
  if (depth > DEEPEST || findWord(t, piece, 'or', 'xor') >= 0) {
    other(t, piece, names, into)
    return into
  }
  const parts = conjuncts(t, piece)
  if (parts.length > 1) for (const part of parts) terms(t, part, names, into, depth + 1)
  else predicate(t, piece, names, into, depth)
  return into
}

/** Split at AND, but for BETWEEN's. */
function conjuncts(t: Tokens, where: Range): Range[] {
  let between = 0
  return split(t, where, (at) => {
    if (isWord(t, at, 'between')) between++
    if (!isWord(t, at, 'and') && !isOperator(t, at, '&&')) return false
    if (between === 0) return true
    between--
    return false
  })
}

function other(t: Tokens, piece: Range, names: Names, into: Terms): Terms {
  if (!mentions(t, piece, names)) return into
  into.conditions.push({ column: null, kind: 'other', sql: render(t, piece) })
  return into
}

/** Whether a piece is about our table: it has a column of ours, or no qualified column at all. */
function mentions(t: Tokens, { from, to }: Range, names: Names): boolean {
  let foreign = false
  for (let i = from; i < to; i++) {
    const name = isOperator(t, i - 1, '.') ? null : dotted(t, i, to)
    if (!name || name.names.length < 2 || isOpen(t, name.next)) continue
    if (names.owns(name.names.at(-2) ?? null)) return true
    foreign = true
  }
  return !foreign
}

const COMPARISONS = new Set('= <=> <> != < > <= >= ~ ~* !~ !~* @> <@ ~~ ~~* !~~ == !< !> ? ?| ?& @@'.split(' '))
const COMPARING = ['is', 'in', 'like', 'ilike', 'between', 'not', 'regexp', 'rlike', 'similar', 'isnull', 'notnull']

const isComparison = (t: Tokens, at: number): boolean =>
  t[at]?.kind === 'operator' ? COMPARISONS.has(t[at]?.text ?? '') : isWord(t, at, ...COMPARING)

function predicate(t: Tokens, piece: Range, names: Names, into: Terms, depth: number): Terms {
  const { from, to } = piece
  if (isWord(t, from, 'not')) return negation(t, piece, names, into, depth)
  if (isWord(t, from, 'exists')) return other(t, piece, names, into)
  const at = find(t, piece, (i) => isComparison(t, i))
  if (at < 0) return truth(t, piece, names, into, true)
  const left = range(from, at)
  const right = range(at + 1, to)
  if (isWord(t, at, 'is', 'isnull', 'notnull')) return is(t, piece, at, names, into)
  if (isWord(t, at, 'in')) return listed(t, piece, at, names, into)
  if (isWord(t, at, 'like', 'ilike')) return like(t, piece, at, names, into)
  const equal = isOperator(t, at, '=') || isOperator(t, at, '<=>')
  if (!equal || find(t, right, (i) => isComparison(t, i)) >= 0) return other(t, piece, names, into)
  return equality(t, { piece, left, right, names, into, nullSafe: isOperator(t, at, '<=>'), match: 'exact' })
}

function negation(t: Tokens, piece: Range, names: Names, into: Terms, depth: number): Terms {
  const rest = strip(t, range(piece.from + 1, piece.to))
  const at = findWord(t, rest, 'is')
  const isNull = at >= 0 && at === rest.to - 2 && isWord(t, at + 1, 'null')
  if (isNull && depth <= DEEPEST) return notNull(t, range(rest.from, at), piece, names, into)
  return truth(t, rest, names, into, false)
}

function notNull(t: Tokens, left: Range, piece: Range, names: Names, into: Terms): Terms {
  const one = operand(t, left)
  if (one.kind !== 'column') return other(t, piece, names, into)
  if (!names.owns(one.qualifier)) return into
  into.conditions.push({ column: one.name, kind: 'is-not-null', sql: `${one.name} IS NOT NULL` })
  return into
}

/** A column that is itself the condition. */
function truth(t: Tokens, piece: Range, names: Names, into: Terms, holds: boolean): Terms {
  const one = operand(t, piece)
  const nullTest = isWord(t, piece.from, 'isnull') && isOpen(t, piece.from + 1) ? inside(t, piece.from + 1) : null
  if (nullTest) return member(operand(t, nullTest), { kind: 'null' }, null, { piece, names, into, t })
  if (one.kind === 'column') return member(one, { kind: 'boolean', value: holds }, null, { piece, names, into, t })
  if (one.kind === 'expression' || !holds) return other(t, piece, names, into)
  return into
}

interface Place {
  readonly t: Tokens
  readonly piece: Range
  readonly names: Names
  readonly into: Terms
}

function member(
  one: Operand,
  value: SqlValue,
  cast: string | null,
  place: Place,
  match: Match = 'exact',
  list = false,
): Terms {
  const { t, piece, names, into } = place
  if (one.kind !== 'column') return other(t, piece, names, into)
  if (!names.owns(one.qualifier)) return into
  const found = { column: one.name, match: one.fold ?? (one.binary ? 'binary' : match), value, cast }
  into.members.push(list ? { ...found, list } : found)
  return into
}

function is(t: Tokens, piece: Range, at: number, names: Names, into: Terms): Terms {
  const place = { t, piece, names, into }
  const left = range(piece.from, at)
  const not = isWord(t, at + 1, 'not')
  const word = at + (not ? 2 : 1)
  const ends = piece.to === word + 1
  if (isWord(t, at, 'isnull') || (ends && isWord(t, word, 'null') && !not))
    return member(operand(t, left), { kind: 'null' }, null, place)
  if (isWord(t, at, 'notnull') || (ends && isWord(t, word, 'null'))) return notNull(t, left, piece, names, into)
  if (ends && !not && isWord(t, word, 'true', 'false'))
    return member(operand(t, left), { kind: 'boolean', value: isWord(t, word, 'true') }, null, place)
  if (not && isWord(t, word, 'distinct') && isWord(t, word + 1, 'from'))
    return equality(t, { piece, left, right: range(word + 2, piece.to), names, into, nullSafe: true, match: 'exact' })
  return other(t, piece, names, into)
}

function listed(t: Tokens, piece: Range, at: number, names: Names, into: Terms): Terms {
  const list = isOpen(t, at + 1) && t[at + 1]?.pair === piece.to - 1 ? inside(t, at + 1) : null
  // A digest's list, of one value or of several.
  if (list && list.to - list.from === 1 && isOperator(t, list.from, '...'))
    return member(operand(t, range(piece.from, at)), OTHER, null, { t, piece, names, into }, 'exact', true)
  const several =
    !list ||
    commas(t, list).length !== 1 ||
    find(t, list, (i) => ['many', 'more'].includes(t[i]?.kind ?? '') || isOperator(t, i, '...')) >= 0 ||
    isWord(t, list.from, 'select', 'with', 'values')
  if (several) return other(t, piece, names, into)
  return equality(t, { piece, left: range(piece.from, at), right: list, names, into, nullSafe: false, match: 'exact' })
}

function like(t: Tokens, piece: Range, at: number, names: Names, into: Terms): Terms {
  const suffix = findWord(t, range(at, piece.to), 'escape')
  const right = range(at + 1, suffix < 0 ? piece.to : suffix)
  const match = isWord(t, at, 'ilike') ? 'lower' : 'like'
  return equality(t, { piece, left: range(piece.from, at), right, names, into, nullSafe: false, match })
}

interface Equality {
  readonly piece: Range
  readonly left: Range
  readonly right: Range
  readonly names: Names
  readonly into: Terms
  /** NULL equals NULL. */
  readonly nullSafe: boolean
  readonly match: Match
}

function equality(t: Tokens, one: Equality): Terms {
  const { piece, left, right, names, into, match } = one
  const lefts = row(t, left)
  const rights = row(t, right)
  if (lefts && rights && lefts.length === rights.length) {
    lefts.forEach((part, i) => {
      equality(t, { ...one, left: part, right: rights[i] ?? part })
    })
    return into
  }
  const place = { t, piece, names, into }
  if (isWord(t, right.from, 'any', 'some') && isOpen(t, right.from + 1)) return any(t, one)
  const a = operand(t, left)
  const b = operand(t, right)
  if (a.kind === 'value' && b.kind === 'value') return into
  if (a.kind === 'column' && b.kind === 'column') return between(a, b, place, match)
  const [column, constant] = a.kind === 'column' ? [a, b] : [b, a]
  if (column.kind !== 'column' || (constant.kind === 'expression' && constant.columns))
    return other(t, piece, names, into)
  if (constant.kind !== 'value') return member(column, OTHER, null, place, match)
  if (constant.value.kind === 'null' && !one.nullSafe) return other(t, piece, names, into)
  const binary = constant.binary ? 'binary' : match
  return member(column, constant.value, constant.cast, place, binary)
}

/** Two columns: one of ours and one of another table's, which may have a value. */
function between(a: Operand & { kind: 'column' }, b: Operand & { kind: 'column' }, place: Place, match: Match): Terms {
  const { t, piece, names, into } = place
  const ours = names.owns(a.qualifier)
  if (ours && names.owns(b.qualifier)) {
    // An unqualified name may mean the other table's column.
    const value = b.qualifier === null ? names.foreign(null, b.name) : null
    return value ? member(a, value, null, place, match) : other(t, piece, names, into)
  }
  const [own, foreign] = ours ? [a, b] : [b, a]
  const value = names.owns(own.qualifier) ? names.foreign(foreign.qualifier, foreign.name) : null
  if (value) return member(own, value, null, place, match)
  return into
}

function any(t: Tokens, one: Equality): Terms {
  const { piece, left, right, names, into, match } = one
  const list = operand(t, inside(t, right.from + 1))
  if (list.kind !== 'value') return other(t, piece, names, into)
  return member(operand(t, left), list.value, list.cast, { t, piece, names, into }, match, true)
}

/** The parts of `(a, b)` or ROW(a, b); null for anything else. */
function row(t: Tokens, { from, to }: Range): Range[] | null {
  const open = isWord(t, from, 'row') ? from + 1 : from
  if (!isOpen(t, open) || t[open]?.pair !== to - 1) return null
  const parts = commas(t, inside(t, open))
  return parts.length > 1 && !isWord(t, open + 1, 'select') ? parts : null
}
