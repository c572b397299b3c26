import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLSeq } from 'yaml'
import { entryLines, type KeySetEntry } from './entry.js'

/** A key set to add, with the remark that goes above it. */
export interface Addition {
  readonly entry: KeySetEntry
  /** One line, without `# `. */
  readonly comment: string
}

/**
 * The text of a configuration with further key sets at the end of `keysets:`. Everything else stays byte for byte:
 * comments, order, quoting, line ends. The text must be a valid configuration.
 */
export function addKeySets(text: string, additions: readonly Addition[]): string {
  if (additions.length === 0) return text
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = (indent: string) =>
    additions.flatMap(({ entry, comment }) =>
      [`# ${comment}`, ...entryLines(entry)].map((line) => `${indent}${line}${newline}`),
    )
  const pair = keysetsPair(text)
  if (pair === undefined)
    return `${ended(text, newline)}${text.trim() === '' ? '' : newline}keysets:${newline}${lines('  ').join('')}`
  const { value } = pair
  if (isSeq(value) && !value.flow && value.items.length > 0) return afterLast(text, value, newline, lines)
  return inPlaceOf(text, pair, newline, lines('  '))
}

function keysetsPair(text: string): Pair | undefined {
  const { contents } = parseDocument(text, { version: '1.2', merge: true })
  if (!isMap(contents)) return undefined
  return contents.items.find(({ key }) => isScalar(key) && key.value === 'keysets')
}

/** Below the last line that the list has something on, so that comments further down stay with what follows them. */
function afterLast(text: string, seq: YAMLSeq, newline: string, lines: (indent: string) => string[]): string {
  const first = (seq.range as [number, number, number])[0]
  const indent = text.slice(text.lastIndexOf('\n', first - 1) + 1, first).replace(/[^ ]/g, ' ')
  const last = seq.items.at(-1) as { range?: [number, number, number] | null }
  const content = text.slice(0, last.range?.[1] ?? first).trimEnd()
  const end = text.indexOf('\n', content.length)
  const at = end === -1 ? text.length : end + 1
  return `${ended(text.slice(0, at), newline)}${lines(indent).join('')}${text.slice(at)}`
}

/** `keysets:`, `keysets: []` and lists in brackets become one entry per line. */
function inPlaceOf(text: string, pair: Pair, newline: string, lines: readonly string[]): string {
  const key = pair.key as { range: [number, number, number] }
  const value = pair.value as { range?: [number, number, number] | null } | null
  const colon = text.indexOf(':', key.range[1]) + 1
  const items = isSeq(pair.value)
    ? pair.value.items.map((item) => {
        const [start, end] = (item as { range: [number, number, number] }).range
        return `  - ${text.slice(start, end).replaceAll(/\s*\r?\n\s*/g, ' ')}${newline}`
      })
    : []
  const empty = value?.range === undefined || value.range === null || value.range[0] === value.range[1]
  const after = empty ? colon : (value.range?.[1] as number)
  const lineEnd = text.indexOf('\n', after)
  const rest = text.slice(after, lineEnd === -1 ? text.length : lineEnd + 1)
  const tail = lineEnd === -1 ? '' : text.slice(lineEnd + 1)
  return `${text.slice(0, colon)}${ended(rest.trim() === '' ? newline : rest, newline)}${items.join('')}${lines.join('')}${tail}`
}

const ended = (text: string, newline: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}${newline}`
