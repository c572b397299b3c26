import type { SqlLookup, SqlStatement } from '../../../model/sql.js'
import { after, find, findWord, inside, isOpen, isWord, type Range, range, type Tokens } from './range.js'
import { NO_SCOPE, select } from './select.js'
import { sameTable } from './table.js'

const STARTS = new Set(['begin', 'then', 'else', 'loop', 'declare', 'exception'])

/**
 * Statements inside of the code of a DO, or of a function of the session's own that is made only to be called at once. An
 * ordinary function's code doesn't run when the function is made.
 */
export function code(
  t: Tokens,
  where: Range,
  parse: (piece: Range) => readonly SqlStatement[],
): readonly SqlStatement[] {
  const open = find(t, where, (i) => t[i]?.kind === 'body-open')
  const temporary = findWord(t, range(where.from, open), 'pg_temp') >= 0
  if (open < 0 || !(isWord(t, where.from, 'do') || temporary)) return [{ kind: 'other' }]
  const body = inside(t, open)
  const catches =
    find(t, body, (i) => isWord(t, i, 'unique_violation') || (isWord(t, i, 'when') && isWord(t, i + 1, 'others'))) >= 0
  const found: SqlStatement[] = []
  let unless: SqlLookup | null = null
  for (const piece of pieces(t, body)) {
    if (isWord(t, piece.from, 'if')) unless = guard(t, piece) ?? unless
    else if (isWord(t, piece.from, 'insert', 'select', 'perform', 'update', 'delete', 'with', 'merge'))
      for (const one of parse(piece)) {
        if (one.kind !== 'insert') found.push(one)
        else if (catches) found.push({ ...one, idiom: 'catches-violation' })
        else if (unless && sameTable(unless.table, one.table)) found.push({ ...one, unless, idiom: 'not-exists' })
        else found.push(one)
      }
  }
  return found.length > 0 ? found : [{ kind: 'other' }]
}

/** Between `;` and the words that begin a block. */
function pieces(t: Tokens, { from, to }: Range): Range[] {
  const parts: Range[] = []
  let start = from
  for (let i = from; i < to; i = after(t, i)) {
    const token = t[i]
    const ends = token?.kind === 'operator' ? token.text === ';' : token?.kind === 'word' && STARTS.has(token.text)
    if (!ends) continue
    if (i > start) parts.push(range(start, i))
    start = i + 1
  }
  if (to > start) parts.push(range(start, to))
  return parts
}

/** `IF NOT EXISTS (SELECT …)` */
function guard(t: Tokens, { from, to }: Range): SqlLookup | null {
  const open = isWord(t, from + 1, 'not') && isWord(t, from + 2, 'exists') && isOpen(t, from + 3) ? from + 3 : -1
  if (open < 0 || open >= to) return null
  const found = select(t, inside(t, open), NO_SCOPE)
  return found.kind === 'lookup' ? { ...found, asks: 'exists' } : null
}
