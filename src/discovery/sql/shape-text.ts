import { readable, type Token } from './tokens.js'

/** More than anybody reads; what holds the shapes of a run must stay small. */
const LONGEST = 10_000

/** A text without its comments, `?` in place of every value. */
export function shapeText(text: string, tokens: readonly Token[]): string {
  const pieces: string[] = []
  let length = 0
  let last = 0
  for (const token of tokens) {
    const piece = pieceOf(text, token)
    if (token.start > last && length > 0) pieces.push(' ')
    pieces.push(piece)
    length += piece.length + 1
    last = token.end
    if (length > LONGEST) return `${readable(pieces.join('').slice(0, LONGEST))} …`
  }
  return readable(pieces.join(''))
}

function pieceOf(text: string, { kind, start, end }: Token): string {
  if (kind === 'many') return '?, ...'
  if (kind === 'more') return ', ...'
  if (kind === 'body-open' || kind === 'body-close') return '$$'
  return kind === 'text' || kind === 'number' || kind === 'masked' || kind === 'setting'
    ? '?'
    : text.slice(start, Math.min(end, start + LONGEST))
}
