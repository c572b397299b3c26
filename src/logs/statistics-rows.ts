import { Lines, linesOf, Text } from './mysql-lines.js'
import { parseJson } from './neutral-json.js'

/** One row of an exported table, by column name in lower case; numbers and truth values as text, NULL left out. */
export type ExportedRow = ReadonlyMap<string, string>

export interface RowSink {
  row(row: ExportedRow): void
  /** As in StatementSink. */
  unread(reason: string, example: string): void
}

/** Reads pieces of any size. */
export interface RowReader {
  feed(piece: string): void
  end(): void
}

/** Characters of one row, above which a quote must have been left open. */
const longestRow = 4 * 1024 * 1024

/** Whether a file that begins so has these columns: in its header line, or as keys of its first JSON object. */
export function hasColumns(head: string, wanted: readonly string[]): boolean {
  const start = withoutMark(head).trimStart()
  if (isJson(start)) return wanted.every((name) => new RegExp(`"${name}"\\s*:`, 'i').test(start))
  const [header = ''] = linesOf(start)
  const names = valuesOf(header, separatorOf(header)).map((name) => name.trim().toLowerCase())
  return wanted.every((name) => names.includes(name))
}

const isJson = (text: string): boolean => /^[[{]/.test(text)

const withoutMark = (text: string): string => (text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text)

/** Reads a table in either form, told by its first character. */
export class TableReader implements RowReader {
  #rows: RowReader | null = null
  #start = ''

  constructor(private readonly sink: RowSink) {}

  feed(piece: string): void {
    if (this.#rows !== null) {
      this.#rows.feed(piece)
      return
    }
    this.#start += piece
    const text = withoutMark(this.#start).trimStart()
    // Three bytes may be a mark of UTF-8.
    if (text !== '' && this.#start.length > 3) this.#choose(text)
  }

  end(): void {
    if (this.#rows === null) this.#choose(withoutMark(this.#start).trimStart())
    this.#rows?.end()
  }

  #choose(text: string): void {
    this.#rows = isJson(text) ? jsonRows(this.sink) : separatedRows(this.sink)
    this.#start = ''
    this.#rows.feed(text)
  }
}

/**
 * Values with a header line: as CSV (`"…"` with `""` inside; divided by commas or semicolons), or divided by tabs with
 * `\n`, `\t` and `\\` inside, as the batch mode of MySQL's client writes them.
 */
function separatedRows(sink: RowSink): RowReader {
  const text = new Text()
  let open = false
  let header: { readonly names: readonly string[]; readonly separator: string } | null = null
  const onRecord = (record: string) => {
    if (record.trim() === '') return
    if (header === null || isHeader(valuesOf(record, header.separator), header.names)) {
      const separator = separatorOf(record)
      header = { separator, names: valuesOf(record, separator).map((name) => name.trim().toLowerCase()) }
    } else sink.row(rowOf(header.names, valuesOf(record, header.separator)))
  }
  const finish = () => {
    open = false
    onRecord(text.take())
  }
  const lines = new Lines(
    (all, start, end) => {
      const line = all.slice(start, all.charCodeAt(end - 1) === 13 ? end - 1 : end)
      text.add(line)
      const tabs = header?.separator === '\t'
      if (!tabs && hasOddQuotes(line)) open = !open
      if (open && text.length > longestRow) {
        open = false
        sink.unread('too-long', text.take().slice(0, 200))
      } else if (!open) finish()
    },
    () => sink.unread('too-long', ''),
  )
  return {
    feed: (piece) => lines.feed(piece),
    end() {
      lines.end()
      finish()
    },
  }
}

const separatorOf = (header: string): string => {
  if (header.includes('\t')) return '\t'
  return header.includes(';') && !header.includes(',') ? ';' : ','
}

/** Of the next file: it may have other columns, or the same in another order. */
function isHeader(values: readonly string[], names: readonly string[]): boolean {
  const known = values.filter((value) => names.includes(value.trim().toLowerCase())).length
  return known >= Math.min(3, names.length) && values.every((value) => /^\s*[a-z_]\w*\s*$/i.test(value))
}

function hasOddQuotes(line: string): boolean {
  let odd = false
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd
  return odd
}

/** The values of one record. */
function valuesOf(record: string, separator: string): string[] {
  if (separator === '\t') return record.split('\t').map(unescaped)
  const values: string[] = []
  for (let at = 0; at <= record.length; ) {
    const quoted = record.charCodeAt(at) === 34
    const end = quoted ? closingQuote(record, at + 1) : at
    const next = record.indexOf(separator, end)
    const stop = next < 0 ? record.length : next
    values.push(quoted ? record.slice(at + 1, end).replaceAll('""', '"') : record.slice(at, stop))
    at = stop + 1
  }
  return values
}

function closingQuote(record: string, from: number): number {
  let at = record.indexOf('"', from)
  while (at >= 0 && record.charCodeAt(at + 1) === 34) at = record.indexOf('"', at + 2)
  return at < 0 ? record.length : at
}

const escapes: ReadonlyMap<string, string> = new Map(Object.entries({ n: '\n', t: '\t', '0': '\0', '\\': '\\' }))

function unescaped(value: string): string {
  return value.includes('\\') ? value.replace(/\\([nt0\\])/g, (whole, letter) => escapes.get(letter) ?? whole) : value
}

function rowOf(names: readonly string[], values: readonly string[]): ExportedRow {
  const row = new Map<string, string>()
  names.forEach((name, place) => {
    const value = values[place]
    if (value !== undefined && value !== 'NULL' && value !== '\\N') row.set(name, value)
  })
  return row
}

/** JSON objects with the columns as keys: one per line, in a list, or one after the other in any way. */
function jsonRows(sink: RowSink): RowReader {
  const object = new ObjectCutter((text) => {
    const parsed = text === null ? null : parseJson(text)
    if (typeof parsed === 'object' && parsed !== null) sink.row(entriesOf(parsed as Record<string, unknown>))
    else sink.unread('not-json', text?.slice(0, 200) ?? '')
  })
  return { feed: (piece) => object.feed(piece), end: () => object.end() }
}

function entriesOf(object: Record<string, unknown>): ExportedRow {
  const row = new Map<string, string>()
  for (const [name, value] of Object.entries(object)) {
    if (value !== null && typeof value !== 'object') row.set(name.toLowerCase(), String(value))
  }
  return row
}

/** Cuts a text into its outermost `{…}`; null for one that is too long, or that the end of the text cuts off. */
class ObjectCutter {
  #parts: string[] = []
  #length = 0
  #depth = 0
  #inString = false
  #escaped = false

  constructor(private readonly onObject: (text: string | null) => void) {}

  feed(piece: string): void {
    let start = 0
    for (let at = 0; at < piece.length; at += 1) {
      const before = this.#depth
      this.#step(piece.charCodeAt(at))
      if (before === 0 && this.#depth === 1) start = at
      if (before === 1 && this.#depth === 0) {
        this.#hold(piece.slice(start, at + 1))
        this.#give()
      }
    }
    if (this.#depth > 0) this.#hold(piece.slice(start))
  }

  end(): void {
    if (this.#depth > 0) this.onObject(null)
  }

  #step(character: number): void {
    if (this.#depth === 0) {
      if (character === 123) this.#depth = 1
    } else if (this.#escaped) this.#escaped = false
    else if (character === 92) this.#escaped = this.#inString
    else if (character === 34) this.#inString = !this.#inString
    else if (!this.#inString && character === 123) this.#depth += 1
    else if (!this.#inString && character === 125) this.#depth -= 1
  }

  #hold(part: string): void {
    this.#length += part.length
    if (this.#length <= longestRow) this.#parts.push(part)
  }

  #give(): void {
    this.onObject(this.#length <= longestRow ? this.#parts.join('') : null)
    this.#parts = []
    this.#length = 0
  }
}
