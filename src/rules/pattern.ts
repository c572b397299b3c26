import { visible } from '../model/visible.js'

/**
 * Whether a pattern (`--only`, `ignore:`) means this key set id. `*` stands for any text and `?` for one character;
 * the order of columns doesn't matter where the columns hold neither.
 */
export function matchesId(pattern: string, id: string): boolean {
  const patterns = [glob(pattern), glob(sortColumns(pattern))]
  // Also as reports show it, so that an id with line breaks can be copied from there.
  return [id, sortColumns(id), visible(id)].some((shown) => patterns.some((one) => one.test(shown)))
}

/** As `matchesId`, but the predicate, the columns and the schema may be left out: `cart`, `shop.cart`, `cart(session_id)`. */
export function selects(pattern: string, id: string): boolean {
  const { relation, columns } = split(id)
  const bare = relation.slice(unquotedIndex(relation, '.') + 1)
  const shapes = [relation, relation + columns, id, bare, bare + columns, bare + id.slice(relation.length)]
  return shapes.some((shape) => matchesId(pattern, shape))
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (character) => {
    if (character === '*') return '.*'
    return character === '?' ? '.' : `\\${character}`
  })
  return new RegExp(`^${source}$`, 'su')
}

function split(id: string): { relation: string; columns: string; rest: string } {
  const open = unquotedIndex(id, '(')
  if (open < 0) return { relation: id, columns: '', rest: '' }
  const close = closing(id, open)
  return { relation: id.slice(0, open), columns: id.slice(open, close + 1), rest: id.slice(close + 1) }
}

function sortColumns(id: string): string {
  const { relation, columns, rest } = split(id)
  if (columns === '') return id
  const sorted = atCommas(columns.slice(1, -1)).sort().join(',')
  return `${relation}(${sorted})${rest}`
}

function unquotedIndex(text: string, wanted: string): number {
  for (const { character, at, depth } of scan(text)) if (character === wanted && depth <= 1) return at
  return -1
}

function closing(text: string, open: number): number {
  for (const { character, at, depth } of scan(text)) if (at > open && character === ')' && depth === 0) return at
  return text.length - 1
}

function atCommas(text: string): string[] {
  const cuts = [...scan(text)].filter(({ character, depth }) => character === ',' && depth === 0).map(({ at }) => at)
  const bounds = [-1, ...cuts, text.length]
  return bounds.slice(1).map((end, part) => text.slice((bounds[part] ?? -1) + 1, end).trim())
}

/** Characters outside of quotes, with the depth of parentheses after each. */
function* scan(text: string): Generator<{ character: string; at: number; depth: number }> {
  let quote: string | null = null
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quote !== null) {
      if (character === quote) quote = null
      continue
    }
    if (character === '"' || character === "'" || character === '`') quote = character
    else {
      if (character === '(') depth++
      if (character === ')') depth--
      yield { character, at, depth }
    }
  }
}
