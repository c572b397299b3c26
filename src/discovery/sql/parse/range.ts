import type { Token } from '../tokens.js'

/** Tokens `from` up to, not including, `to`. */
export interface Range {
  readonly from: number
  readonly to: number
}

export type Tokens = readonly Token[]

export const range = (from: number, to: number): Range => ({ from, to })

export const isWord = (t: Tokens, at: number, ...words: readonly string[]): boolean => {
  const token = t[at]
  return token?.kind === 'word' && words.includes(token.text)
}

export const isOperator = (t: Tokens, at: number, text: string): boolean => {
  const token = t[at]
  return token?.kind === 'operator' && token.text === text
}

export const isOpen = (t: Tokens, at: number): boolean => t[at]?.kind === 'open' && t[at]?.text === '('

export const isName = (t: Tokens, at: number): boolean => t[at]?.kind === 'word' || t[at]?.kind === 'quoted'

/** The token after this one, or after the bracket that it opens. */
export function after(t: Tokens, at: number): number {
  const pair = t[at]?.pair ?? -1
  return pair > at ? pair + 1 : at + 1
}

/** The first token outside of brackets that `test` accepts; -1 if none. */
export function find(t: Tokens, { from, to }: Range, test: (at: number) => boolean): number {
  for (let i = from; i < to; i = after(t, i)) if (test(i)) return i
  return -1
}

export const findWord = (t: Tokens, where: Range, ...words: readonly string[]): number =>
  find(t, where, (at) => isWord(t, at, ...words) && !isOperator(t, at - 1, '.'))

/** Split at what `test` accepts outside of brackets; no empty parts. */
export function split(t: Tokens, { from, to }: Range, test: (at: number) => boolean): Range[] {
  const parts: Range[] = []
  let start = from
  for (let i = from; i < to; i = after(t, i)) {
    if (!test(i)) continue
    if (i > start) parts.push(range(start, i))
    start = i + 1
  }
  if (to > start) parts.push(range(start, to))
  return parts
}

export const commas = (t: Tokens, where: Range): Range[] => split(t, where, (at) => isOperator(t, at, ','))

/** Without the brackets around all of it. */
export function strip(t: Tokens, where: Range): Range {
  let { from, to } = where
  while (isOpen(t, from) && t[from]?.pair === to - 1) {
    from++
    to--
  }
  return range(from, to)
}

/** What is between the bracket at `at` and its end. */
export const inside = (t: Tokens, at: number): Range => range(at + 1, t[at]?.pair ?? at + 1)

/** `a.b.c` from `at`: its parts, and what comes after. Null where no name is. */
export function dotted(t: Tokens, at: number, to: number): { readonly names: string[]; readonly next: number } | null {
  if (at >= to || !isName(t, at)) return null
  const names = [t[at]?.name ?? '']
  let next = at + 1
  while (next + 1 < to && isOperator(t, next, '.') && isName(t, next + 1)) {
    names.push(t[next + 1]?.name ?? '')
    next += 2
  }
  return { names, next }
}

const GLUED = new Set(['.', '::', '('])

/** A piece as text: literals as `?`, words as written; at most some 200 characters. */
export function render(t: Tokens, { from, to }: Range): string {
  let text = ''
  for (let i = from; i < to && text.length < 200; i++) {
    const token = t[i]
    if (!token) break
    const piece = pieceOf(token)
    const before = t[i - 1]
    const glued =
      i === from ||
      GLUED.has(before?.text ?? '') ||
      ['.', '::', ',', ')'].includes(piece) ||
      (piece === '(' && before?.kind === 'word' && before.end === token.start)
    text += glued ? piece : ` ${piece}`
  }
  return text
}

function pieceOf(token: Token): string {
  if (token.kind === 'word') return KEYWORDS.has(token.text) ? token.text.toUpperCase() : token.name
  if (token.kind === 'quoted')
    return /^[a-z_][a-z0-9_]*$/.test(token.name) ? token.name : `"${token.name.replaceAll('"', '""')}"`
  if (token.kind === 'parameter') return '?'
  if (token.kind === 'many' || token.kind === 'more') return '...'
  return token.text === '' ? '?' : token.text
}

const KEYWORDS = new Set(
  'and or not is null in like ilike between exists true false any all select from where'.split(' '),
)
