import type { Match } from '../model/keyset.js'
import type { ShapedText, SqlValue } from '../model/sql.js'
import type { LoggedStatement } from '../model/statement.js'

/** Undefined: the log doesn't tell it. */
export type Value = string | null | undefined

/** Reads the values of one text's literals and parameters, each list at most once. */
export class ValueReader {
  #literals: readonly string[] | undefined
  #parameters: readonly (string | null)[] | null | undefined

  constructor(
    readonly taken: ShapedText,
    readonly logged: LoggedStatement['parameters'],
  ) {}

  read(value: SqlValue): Value {
    switch (value.kind) {
      case 'literal':
        this.#literals ??= this.taken.literals()
        return this.#literals[value.at]
      case 'parameter':
        return this.parameters()?.[value.at - 1]
      case 'null':
        return null
      case 'boolean':
        return value.value ? 'true' : 'false'
      case 'other':
        return undefined
    }
  }

  parameters(): readonly (string | null)[] | null {
    if (this.#parameters === undefined)
      this.#parameters = typeof this.logged === 'string' ? parameterList(this.logged) : this.logged
    return this.#parameters
  }

  /** Every value of the text, for lists whose length differs from text to text. */
  all(): ReadonlySet<string> {
    this.#literals ??= this.taken.literals()
    const bound = (this.parameters() ?? []).filter((value) => value !== null)
    return new Set([...this.#literals, ...bound])
  }
}

/** `$1 = 'it''s', $2 = NULL` → ["it's", null]. What can't be read ends the list. */
export function parameterList(text: string): (string | null)[] {
  const values: (string | null)[] = []
  let at = 0
  while (at < text.length) {
    const equals = text.indexOf(' = ', at)
    if (equals < 0) break
    at = equals + 3
    if (text.charCodeAt(at) !== 39) {
      if (!text.startsWith('NULL', at)) break
      values.push(null)
      at += 4
      continue
    }
    const end = endOfQuoted(text, at + 1)
    const inner = text.slice(at + 1, end)
    values.push(inner.includes("''") ? inner.replaceAll("''", "'") : inner)
    at = end + 1
  }
  return values
}

/** Where the quote is that closes what begins at `at`; the text's end if there is none. */
function endOfQuoted(text: string, at: number): number {
  for (let from = at; ; ) {
    const quote = text.indexOf("'", from)
    if (quote < 0) return text.length
    if (text.charCodeAt(quote + 1) !== 39) return quote
    from = quote + 2
  }
}

const TRUE = new Set(['true', 't', '1', 'TRUE'])
const FALSE = new Set(['false', 'f', '0', 'FALSE'])

/** Whether an inserted value is this boolean, in any of the spellings that servers and drivers have. */
export const isBoolean = (value: string | null, wanted: boolean): boolean =>
  value !== null && (wanted ? TRUE : FALSE).has(value)

/** What two values must have in common to be the same for a lookup. */
export function comparable(value: string | null, match: Match): string | null {
  if (value === null || match === 'exact' || match === 'binary') return value
  return (match === 'like' ? value.replaceAll(/\\([\\_%])/g, '$1') : value).toLowerCase()
}

/** A number of 53 bits. */
export function hashOf(values: readonly (string | null)[], seed = 0): number {
  let one = 0x811c9dc5 ^ seed
  let two = 0x1b873593 ^ seed
  for (const value of values) {
    if (value === null) {
      one = Math.imul(one ^ 0x1f0, 0x01000193)
      two = Math.imul(two ^ 0x1f0, 0x85ebca6b)
      continue
    }
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at)
      one = Math.imul(one ^ code, 0x01000193)
      two = Math.imul(two ^ code, 0x85ebca6b)
      two ^= two >>> 13
    }
    one = Math.imul(one ^ 0x100, 0x01000193)
    two = Math.imul(two ^ 0x101, 0x85ebca6b)
  }
  one ^= one >>> 15
  two ^= two >>> 16
  return (one >>> 0) * 0x200000 + ((two >>> 0) & 0x1fffff)
}

/** 20 bits: tells a constant from values that vary, and too little to find a value again. */
export const digestOf = (value: string): number => hashOf([value]) % 0x100000

/** A value that hardly agrees by accident: neither a boolean nor a small number nor a letter or two. */
export function isTelling(value: string | null): boolean {
  if (value === null) return false
  return /^-?\d+$/.test(value) ? value.length > 3 : value.length > 3 && value !== 'true' && value !== 'false'
}

/** The same text on its own. */
export const copied = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('latin1')

/** One character per byte → readable text. */
export const readable = (bytes: string): string =>
  /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes
