import { severityWords } from './postgres-translations.js'

/** What a line of a record is about; `other` are lines of no use here, such as hints. */
export type Part = 'log' | 'error' | 'detail' | 'statement' | 'context' | 'other'

const english: Readonly<Record<string, Part>> = {
  LOG: 'log',
  INFO: 'log',
  NOTICE: 'log',
  WARNING: 'log',
  DEBUG: 'log',
  DEBUG1: 'log',
  DEBUG2: 'log',
  DEBUG3: 'log',
  DEBUG4: 'log',
  DEBUG5: 'log',
  ERROR: 'error',
  FATAL: 'error',
  PANIC: 'error',
  DETAIL: 'detail',
  STATEMENT: 'statement',
  CONTEXT: 'context',
  HINT: 'other',
  QUERY: 'other',
  LOCATION: 'other',
  BACKTRACE: 'other',
}
const parts = new Map<string, Part>([...Object.entries(english), ...severityWords])
/** ERROR and worse, in all languages. */
export const errorSeverities: ReadonlySet<string> = new Set(
  [...parts].flatMap(([word, part]) => (part === 'error' ? [word] : [])),
)

const longest = Math.max(...[...parts.keys()].map((word) => word.length))

/** Finds the word before the first `:  ` of a message. */
export class SeverityReader {
  part: Part = 'log'
  /** Where the text after it starts. */
  after = 0

  /** Whether such a word stands at `from`, perhaps after a few spaces. */
  read(text: string, from: number): boolean {
    let at = from
    while (text.charCodeAt(at) === 32 && at < from + 4) at++
    if (text.startsWith('LOG:  ', at)) return this.#found('log', at + 6)
    if (text.startsWith('DETAIL:  ', at)) return this.#found('detail', at + 9)
    for (let end = at; end <= at + longest; end++) {
      const code = text.charCodeAt(end)
      if (code === 58 /* : */) {
        if (text.charCodeAt(end + 1) !== 32) return false
        const word = text.slice(at, text.charCodeAt(end - 1) === 32 ? end - 1 : end)
        const part = parts.get(word)
        const two = text.charCodeAt(end + 2) === 32
        return part !== undefined && (two || part === 'other') ? this.#found(part, end + (two ? 3 : 2)) : false
      }
      if (code === 10 || Number.isNaN(code)) return false
    }
    return false
  }

  #found(part: Part, after: number): true {
    this.part = part
    this.after = after
    return true
  }
}

/** Where the severity word stands in a line whose prefix isn't known; -1: nowhere near. */
export function findSeverity(line: string, severity: SeverityReader): number {
  for (let colon = line.indexOf(':  '); colon >= 0 && colon < 700; colon = line.indexOf(':  ', colon + 1)) {
    for (let start = colon; start > 0 && start > colon - longest; ) {
      start--
      const before = start === 0 ? 32 : line.charCodeAt(start - 1)
      const boundary = before < 0x80 && !isLetterOrDigit(before)
      if (boundary && line.charCodeAt(start) !== 32 && severity.read(line, start)) return start
    }
  }
  return -1
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}
