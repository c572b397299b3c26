import type { SqlGrammar } from '../../model/statement.js'

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0', Z: '\x1a' }
const E_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** `\u00e9` as the bytes that it is in UTF-8. */
function bytesOf(hex: string): string {
  const code = Number.parseInt(hex, 16)
  return code > 0x10ffff ? '' : Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1')
}

function unescapeE(text: string): string {
  const pattern = /\\(?:x([0-9a-f]{1,2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{1,3})|([\s\S]))/gi
  return text.replace(pattern, (_, byte, short, long, octal, plain: string) => {
    if (byte) return String.fromCharCode(Number.parseInt(byte, 16))
    if (short ?? long) return bytesOf(short ?? long)
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8) & 255)
    return E_ESCAPES[plain] ?? plain
  })
}

/** `\%` and `\_` keep their backslash: they mean it only to LIKE. */
function unescapeBackslashes(text: string): string {
  return text.replace(/\\([\s\S])/g, (both, char: string) =>
    char === '%' || char === '_' ? both : (ESCAPES[char] ?? (char === 'b' ? '\b' : char)),
  )
}

const fromHex = (digits: string): string =>
  Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex').toString('latin1')

/** The value of a literal as written at `start` to `end`: quotes, prefixes and escapes gone. */
export function literalValue(text: string, start: number, end: number, grammar: SqlGrammar): string {
  const first = text.charCodeAt(start)
  if (first === 36) return dollarQuoted(text.slice(start, end))
  if (first !== 39 && first !== 34) return prefixed(text.slice(start, end), grammar)
  return unquoted(text, start, end, grammar.backslashEscapes, unescapeBackslashes)
}

function unquoted(
  text: string,
  start: number,
  end: number,
  escapes: boolean,
  decode: (text: string) => string,
): string {
  const quote = text.charAt(start)
  const closed = end - start > 1 && text.charAt(end - 1) === quote
  const inside = text.slice(start + 1, closed ? end - 1 : end)
  const single = inside.includes(quote) ? inside.replaceAll(quote + quote, quote) : inside
  return escapes && single.includes('\\') ? decode(single) : single
}

function dollarQuoted(text: string): string {
  const tag = text.indexOf('$', 1) + 1
  const closed = text.length >= tag * 2 && text.endsWith(text.slice(0, tag))
  return text.slice(tag, closed ? -tag : undefined)
}

/** Numbers, E'…', N'…', X'…', B'…', _charset'…'. */
function prefixed(text: string, grammar: SqlGrammar): string {
  const at = text.search(/['"]/)
  const letter = text.charAt(0).toLowerCase()
  if (at < 0) return !grammar.dollarQuotes && /^0x[0-9a-f]+$/i.test(text) ? fromHex(text.slice(2)) : text
  if (at === 1 && letter === 'e' && grammar.dollarQuotes) return unquoted(text, at, text.length, true, unescapeE)
  const value = unquoted(text, at, text.length, grammar.backslashEscapes, unescapeBackslashes)
  if (at > 1) return value
  return letter === 'x' && !grammar.dollarQuotes && /^[0-9a-f]*$/i.test(value) ? fromHex(value) : value
}
