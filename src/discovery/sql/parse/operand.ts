import type { SqlValue } from '../../../model/sql.js'
import {
  after,
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
  strip,
  type Tokens,
} from './range.js'

/** One side of a comparison. */
export type Operand =
  | {
      readonly kind: 'column'
      readonly qualifier: string | null
      readonly name: string
      readonly fold: 'lower' | 'upper' | null
      readonly binary: boolean
    }
  | { readonly kind: 'value'; readonly value: SqlValue; readonly cast: string | null; readonly binary: boolean }
  /** Anything else; `columns`: it may read some. */
  | { readonly kind: 'expression'; readonly columns: boolean }

export const OTHER: SqlValue = { kind: 'other' }

const value = (one: SqlValue, cast: string | null = null): Operand => ({
  kind: 'value',
  value: one,
  cast,
  binary: false,
})

export function operand(t: Tokens, where: Range, depth = 0): Operand {
  const stripped = strip(t, where)
  if (depth > 50 || stripped.from >= stripped.to) return { kind: 'expression', columns: false }
  return (
    cast(t, stripped, depth) ?? collated(t, stripped, depth) ?? simple(t, stripped, depth) ?? expression(t, stripped)
  )
}

/** The value that an operand is known to be; 'other' where it isn't. */
export function valueAt(t: Tokens, where: Range): SqlValue {
  const one = operand(t, where)
  return one.kind === 'value' ? one.value : OTHER
}

function cast(t: Tokens, { from, to }: Range, depth: number): Operand | null {
  const at = find(t, range(from, to), (i) => isOperator(t, i, '::'))
  if (at <= from) return null
  let last = at
  for (let i = at; i < to; i = after(t, i)) {
    if (isOperator(t, i, '::')) last = i
    else if (t[i]?.kind === 'operator' && !isOperator(t, i, '.')) return null
    else if (isWord(t, i, 'collate')) return null
  }
  return casted(operand(t, range(from, at), depth + 1), render(t, range(last + 1, to)).toLowerCase())
}

const casted = (one: Operand, type: string): Operand => (one.kind === 'value' ? { ...one, cast: type } : one)

const madeBinary = (one: Operand): Operand => (one.kind === 'expression' ? one : { ...one, binary: true })

function collated(t: Tokens, { from, to }: Range, depth: number): Operand | null {
  const at = findWord(t, range(from, to), 'collate')
  if (at <= from) return null
  const one = operand(t, range(from, at), depth + 1)
  return /_bin$|^binary$/i.test(t[to - 1]?.name ?? '') ? madeBinary(one) : one
}

function simple(t: Tokens, { from, to }: Range, depth: number): Operand | null {
  if (to - from === 1) return single(t, from)
  const negative = t[from]?.kind === 'operator' && ['-', '+'].includes(t[from]?.text ?? '') && to - from === 2
  if (negative && t[from + 1]?.kind === 'parameter') return single(t, from + 1)
  if (isOperator(t, from, '@') || isOperator(t, from, ':') || isOperator(t, from, '%'))
    return to - from <= 4 ? value(OTHER) : null
  if (isWord(t, from, 'binary')) return madeBinary(operand(t, range(from + 1, to), depth + 1))
  if (t[to - 1]?.kind === 'text' && typed(t, from, to - 1)) {
    const type = render(t, range(from, to - 1)).toLowerCase()
    return value(literal(t, to - 1), type.startsWith('_') ? null : type)
  }
  const call = called(t, range(from, to), depth)
  if (call) return call
  const column = dotted(t, from, to)
  return column?.next === to ? columnOf(column.names) : null
}

const typed = (t: Tokens, from: number, to: number): boolean => {
  for (let i = from; i < to; i = after(t, i)) if (t[i]?.kind !== 'word' && !isOpen(t, i)) return false
  return to - from <= 6 && !isWord(t, from, 'not', 'like', 'and', 'or')
}

const columnOf = (names: readonly string[]): Operand => ({
  kind: 'column',
  qualifier: names.at(-2) ?? null,
  name: names.at(-1) ?? '',
  fold: null,
  binary: false,
})

const literal = (t: Tokens, at: number): SqlValue => ({
  kind: 'literal',
  at: t[at]?.at ?? 0,
  type: t[at]?.kind === 'number' ? 'number' : 'text',
})

const CONSTANTS = new Set(
  `current_timestamp current_date current_time current_user session_user user localtime localtimestamp utc_timestamp
  utc_date interval default sysdate`.split(/\s+/),
)

function single(t: Tokens, at: number): Operand | null {
  const token = t[at]
  if (!token) return null
  if (token.kind === 'text' || token.kind === 'number') return value(literal(t, at))
  if (token.kind === 'parameter') return value({ kind: 'parameter', at: token.at })
  if (token.kind === 'quoted') return columnOf([token.name])
  if (token.kind !== 'word') return null
  if (token.text === 'null') return value({ kind: 'null' })
  if (token.text === 'true' || token.text === 'false') return value({ kind: 'boolean', value: token.text === 'true' })
  return CONSTANTS.has(token.text) ? value(OTHER) : columnOf([token.name])
}

function called(t: Tokens, { from, to }: Range, depth: number): Operand | null {
  if (!isName(t, from) || !isOpen(t, from + 1) || t[from + 1]?.pair !== to - 1) return null
  const args = inside(t, from + 1)
  // MySQL's digests quote functions' names, too.
  const name = (t[from]?.kind === 'quoted' ? t[from]?.name.toLowerCase() : t[from]?.text) ?? ''
  if (name === 'lower' || name === 'lcase') return folded(operand(t, args, depth + 1), 'lower')
  if (name === 'upper' || name === 'ucase') return folded(operand(t, args, depth + 1), 'upper')
  if (name !== 'cast' && name !== 'convert') return null
  const at =
    name === 'cast' ? findWord(t, args, 'as') : find(t, args, (i) => isOperator(t, i, ',') || isWord(t, i, 'using'))
  if (at < 0) return null
  const type = render(t, range(at + 1, args.to)).toLowerCase()
  const one = casted(operand(t, range(args.from, at), depth + 1), type)
  return type.startsWith('binary') ? madeBinary(one) : one
}

const folded = (one: Operand, fold: 'lower' | 'upper'): Operand => (one.kind === 'column' ? { ...one, fold } : one)

function expression(t: Tokens, { from, to }: Range): Operand {
  for (let i = from; i < to; i++) {
    if (isOpen(t, i) && isWord(t, i + 1, 'select', 'with')) i = t[i]?.pair ?? i
    else if (isName(t, i) && !isOpen(t, i + 1) && !isKeyword(t, i)) return { kind: 'expression', columns: true }
  }
  return { kind: 'expression', columns: false }
}

const isName = (t: Tokens, at: number): boolean => t[at]?.kind === 'word' || t[at]?.kind === 'quoted'

const EXPRESSION_WORDS = new Set(
  'null true false and or not is in as case when then else end at time zone day hour minute second month year week from'.split(
    ' ',
  ),
)

/** Words of an expression, and types after `::` or in a schema. */
const isKeyword = (t: Tokens, at: number): boolean =>
  (t[at]?.kind === 'word' && (CONSTANTS.has(t[at]?.text ?? '') || EXPRESSION_WORDS.has(t[at]?.text ?? ''))) ||
  isOperator(t, at - 1, '::') ||
  (isOperator(t, at + 1, '.') && isOpen(t, at + 3))
