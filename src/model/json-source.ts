import { UserError } from './errors.js'
import type { SourceLocation } from './keyset.js'

/** A JSON file as data, and where each piece of it stands. */
export interface JsonSource {
  readonly data: unknown
  /** Of the value at this path, or of the nearest one around it that is there. */
  locate(path: readonly PropertyKey[]): SourceLocation
}

/** Throws UserError with the place of the first character that is no JSON. `file` is only for messages. */
export function readJson(text: string, file: string, code: string): JsonSource {
  const source = text.startsWith('\u{feff}') ? text.slice(1) : text
  const at = (offset: number) => locationOf(source, offset, file)
  try {
    const data = JSON.parse(source) as unknown
    return { data, locate: (path) => at(new Scanner(source).offsetOf(path)) }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new UserError('This is no valid JSON.', {
      code,
      suggestions: [advice(source)],
      location: at(new Scanner(source).firstError()),
      cause,
    })
  }
}

function advice(text: string): string {
  if (/^(<{7}|={7}|>{7})/m.test(text)) return 'It has the marks of a merge conflict: keep one of the two sides.'
  if (text.trim() === '') return 'The file is empty.'
  return 'Correct it here, or take the last version that was committed.'
}

function locationOf(text: string, offset: number, file: string): SourceLocation {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { file, line, column: offset - (before.lastIndexOf('\n') + 1) + 1 }
}

class Stop extends Error {}

/** Walks over JSON text for the sake of places only. */
class Scanner {
  #at = 0
  #best = 0
  #wanted: readonly PropertyKey[] = []

  constructor(private readonly text: string) {}

  /** Where the text stops being JSON. */
  firstError(): number {
    try {
      this.#value([])
      this.#space()
    } catch (error) {
      if (!(error instanceof Stop)) throw error
    }
    return this.#at
  }

  /** Of text that is JSON. */
  offsetOf(path: readonly PropertyKey[]): number {
    this.#wanted = path
    this.#value([])
    return this.#best
  }

  #value(path: readonly PropertyKey[]): void {
    this.#space()
    if (path.every((key, at) => key === this.#wanted[at])) this.#best = this.#at
    const first = this.text[this.#at]
    if (first === '{') this.#members(path, '}')
    else if (first === '[') this.#members(path, ']')
    else if (first === '"') this.#string()
    else this.#token(/(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y)
  }

  #members(path: readonly PropertyKey[], end: '}' | ']'): void {
    this.#at++
    this.#space()
    if (this.text[this.#at] === end) {
      this.#at++
      return
    }
    for (let place = 0; ; place++) {
      this.#space()
      const key = end === '}' ? this.#key() : place
      this.#value([...path, key])
      this.#space()
      const next = this.text[this.#at]
      if (next !== ',' && next !== end) throw new Stop()
      this.#at++
      if (next === end) return
    }
  }

  #key(): string {
    const key = JSON.parse(this.#string()) as string
    this.#space()
    this.#token(/:/y)
    return key
  }

  #string(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them inside of strings
    return this.#token(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y)
  }

  #space(): void {
    this.#token(/[ \t\r\n]*/y)
  }

  #token(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.text) ?? []
    if (found === undefined) throw new Stop()
    this.#at += found.length
    return found
  }
}
