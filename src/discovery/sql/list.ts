import type { SqlGrammar } from '../../model/statement.js'
import { BLANK, IN_WORD, KIND } from './characters.js'
import { isDigit, numberEnd, quotedEnd } from './literal-end.js'

/** A list of several literals or parameters in brackets: where it ends and the number of the last parameter by then. */
export interface List {
  readonly end: number
  readonly lastParameter: number
}

/** Null where the brackets from `from` hold anything else, or one value alone. Rows of values count as values. */
export function listEnd(text: string, from: number, grammar: SqlGrammar, parameter: number): List | null {
  let depth = 0
  let commas = 0
  let lastParameter = parameter
  let i = from
  while (i < text.length) {
    const code = text.charCodeAt(i)
    if (KIND[code & 255] === BLANK) i++
    else if (code === 40 || code === 91) {
      depth++
      i++
    } else if (code === 41 || code === 93) {
      i++
      if (--depth === 0) return commas > 0 ? { end: i, lastParameter } : null
    } else if (code === 44) {
      if (depth === 1) commas++
      i++
    } else if (code === 63) {
      lastParameter++
      i++
    } else {
      const end = elementEnd(text, i, code, grammar)
      if (end < 0) return null
      if (code === 36) lastParameter = Number(text.slice(i + 1, Math.min(end, i + 7)))
      i = end
    }
  }
  return null
}

/** End of a literal, of `$1`, of `::type`; -1 for anything else. */
function elementEnd(text: string, at: number, code: number, grammar: SqlGrammar): number {
  if (isDigit(text, at) || (code === 45 && isDigit(text, at + 1))) return numberEnd(text, at)
  if (code === 39 || (code === 34 && !grammar.doubleQuotedNames))
    return quotedEnd(text, at + 1, code, grammar.backslashEscapes)
  if (code === 36 && grammar.dollarQuotes && isDigit(text, at + 1)) return wordEnd(text, at + 1)
  if (code === 58 && text.charCodeAt(at + 1) === 58) return wordEnd(text, at + 2)
  if (IN_WORD[code & 255] !== 1) return -1
  const end = wordEnd(text, at)
  if (text.charCodeAt(end) === 39) return prefixedEnd(text, at, end, grammar)
  return end - at === 4 && text.slice(at, end).toLowerCase() === 'null' ? end : -1
}

/** N'…', E'…', X'…', _charset'…'. */
function prefixedEnd(text: string, start: number, quote: number, grammar: SqlGrammar): number {
  const prefix = text.slice(start, Math.min(quote, start + 12))
  if (!/^(?:[enxb]|_\w+)$/i.test(prefix)) return -1
  const escapes = grammar.backslashEscapes || (/^e$/i.test(prefix) && grammar.dollarQuotes)
  return quotedEnd(text, quote + 1, 39, escapes)
}

function wordEnd(text: string, from: number): number {
  let i = from
  while (i < text.length && IN_WORD[text.charCodeAt(i) & 255] === 1) i++
  return i
}
