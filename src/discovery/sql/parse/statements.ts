import type { SqlLookup, SqlStatement } from '../../../model/sql.js'
import type { Recorder } from '../tokens.js'
import { change } from './change.js'
import { code } from './code.js'
import { insert } from './insert.js'
import { merge } from './merge.js'
import {
  after,
  inside,
  isName,
  isOpen,
  isOperator,
  isWord,
  type Range,
  range,
  split,
  strip,
  type Tokens,
} from './range.js'
import { NO_SCOPE, type Scope, select } from './select.js'
import { transaction } from './transaction.js'

const OTHER: SqlStatement = { kind: 'other' }

const unparsed = (reason: string): SqlStatement => ({ kind: 'unparsed', reason })

/** Known to change nothing for us. */
const OTHER_VERBS = new Set(
  `alter analyze analyse cache call change check checkpoint checksum close cluster comment copy create deallocate declare desc
  describe discard do drop exec execute explain fetch flush get grant handler help import install kill listen load lock
  move notify optimize pragma prepare purge reassign refresh reindex rename repair reset resignal revoke security set show
  shutdown signal start stop table truncate uninstall unlisten unlock use vacuum values xa`.split(/\s+/),
)

/** All statements of a text. */
export function statements(recorder: Recorder, unterminated: boolean): readonly SqlStatement[] {
  const t = recorder.tokens
  if (recorder.full) return [unparsed('too-long')]
  if (isOperator(t, t.length - 1, '...')) return [unparsed('truncated')]
  if (unterminated) return [unparsed('unterminated')]
  if (recorder.unbalanced) return [unparsed('unbalanced')]
  const parts = split(t, range(0, t.length), (at) => isOperator(t, at, ';'))
  return parts.length === 0 ? [OTHER] : parts.flatMap((part) => statement(t, part, NO_SCOPE))
}

function statement(t: Tokens, where: Range, scope: Scope): readonly SqlStatement[] {
  const piece = strip(t, where)
  const first = t[piece.from]
  if (first?.kind === 'operator' && first.text === '{') return [OTHER]
  if (isOpen(t, piece.from)) return [select(t, piece, scope)]
  if (first?.kind !== 'word') return [unparsed('no-verb')]
  switch (first.text) {
    case 'select':
    case 'perform':
      return [lookup(t, piece, scope)]
    case 'insert':
    case 'replace':
      return [insert(t, piece, scope)]
    case 'update':
    case 'delete':
      return [change(t, piece)]
    case 'merge':
      return [merge(t, piece)]
    case 'with':
      return withNames(t, piece, scope)
    case 'create':
    case 'do':
      return code(t, piece, (inner) => statement(t, inner, NO_SCOPE))
    default:
      return [transaction(t, piece) ?? prepared(t, piece, scope)]
  }
}

/** Digests of server-side prepared statements begin with EXECUTE. */
function prepared(t: Tokens, piece: Range, scope: Scope): SqlStatement {
  const rest = range(piece.from + 1, piece.to)
  const executes =
    isWord(t, piece.from, 'execute') && isWord(t, rest.from, 'insert', 'replace', 'select', 'update', 'delete')
  if (executes) return statement(t, rest, scope)[0] ?? OTHER
  return OTHER_VERBS.has(t[piece.from]?.text ?? '') ? OTHER : unparsed('unknown-verb')
}

const lookup = (t: Tokens, piece: Range, scope: Scope): SqlStatement =>
  isWord(t, piece.from, 'perform') ? select(performed(t), piece, scope) : select(t, piece, scope)

/** PERFORM is a SELECT whose rows nobody wants. */
const performed = (t: Tokens): Tokens =>
  t.map((token) => (token.text === 'perform' ? { ...token, text: 'select' } : token))

/** `WITH a AS (…), b AS (…) statement`: what changes rows, then the statement; lookups that it doesn't use come first. */
function withNames(t: Tokens, piece: Range, scope: Scope): readonly SqlStatement[] {
  const tables = new Map<string, SqlLookup | null>(scope.tables)
  const writes: SqlStatement[] = []
  const lookups: SqlLookup[] = []
  let at = piece.from + (isWord(t, piece.from + 1, 'recursive') ? 2 : 1)
  for (;;) {
    const name = isName(t, at) ? (t[at]?.name ?? '') : ''
    at = isOpen(t, at + 1) ? after(t, at + 1) : at + 1
    if (!isWord(t, at, 'as')) return [unparsed('with-without-as')]
    while (isWord(t, at, 'as', 'not', 'materialized')) at++
    if (!isOpen(t, at)) return [unparsed('with-without-as')]
    for (const one of statement(t, inside(t, at), { ...scope, tables })) {
      const found = asLookup(one)
      tables.set(name, found)
      if (one.kind === 'lookup') lookups.push(one)
      else if (one.kind !== 'other') writes.push(one)
    }
    at = after(t, at)
    if (!isOperator(t, at, ',')) break
    at++
  }
  const main = at < piece.to ? statement(t, range(at, piece.to), { ...scope, tables }) : []
  return ordered(lookups, [...writes, ...main])
}

/** An UPDATE … RETURNING finds rows as a SELECT does. */
function asLookup(one: SqlStatement): SqlLookup | null {
  if (one.kind === 'lookup') return one
  if (one.kind !== 'update' && one.kind !== 'delete') return null
  const asks = { asks: 'rows', limit: null, locks: true, joins: false, ordered: false, grouped: false } as const
  return { kind: 'lookup', table: one.table, members: one.members, conditions: [], ...asks }
}

/** Lookups that nothing after them repeats, then the rest. */
function ordered(lookups: readonly SqlLookup[], rest: readonly SqlStatement[]): readonly SqlStatement[] {
  const used = (one: SqlLookup): boolean =>
    rest.some((other) => {
      const again = other.kind === 'insert' ? other.unless : other.kind === 'lookup' ? other : null
      return again !== null && again.table === one.table
    })
  const all = [...lookups.filter((one) => !used(one)), ...rest]
  return all.length > 1 ? all.filter(({ kind }) => kind !== 'other') : all
}
