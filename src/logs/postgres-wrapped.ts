import type { LogReader, StatementSink } from '../model/statement.js'
import type { LogFormat, LogOptions } from './format.js'
import { parseJsonBytes } from './json-bytes.js'
import { type JsonRecord, recordOfJson } from './postgres-json.js'
import { PostgresStatements } from './postgres-statements.js'
import { StderrRecords } from './postgres-stderr.js'
import { TimeReader } from './postgres-time.js'
import { TabbedRecords } from './tabbed-records.js'
import { WholeLines } from './whole-lines.js'

type Wrapped = Readonly<Record<string, unknown>>

/** Where platforms put what the server wrote to its standard error. */
function innerText(read: Wrapped): string | undefined {
  const properties = read.properties as Wrapped | undefined
  for (const value of [read.textPayload, read.log, properties?.message]) if (typeof value === 'string') return value
  return undefined
}

/** Lines of a platform's own log, each an object around what the server wrote. */
class WrappedReader implements LogReader {
  readonly #statements: PostgresStatements
  readonly #stderr: StderrRecords
  readonly #records: TabbedRecords
  readonly #time: TimeReader
  readonly #lines = new WholeLines((line) => this.#line(line))

  constructor(
    private readonly sink: StatementSink,
    options: LogOptions,
  ) {
    this.#statements = new PostgresStatements(sink)
    this.#stderr = new StderrRecords(sink, options)
    this.#records = new TabbedRecords((text, from, to) => this.#stderr.take(text, from, to))
    this.#time = new TimeReader(options.offsetMinutes)
  }

  feed(piece: string): void {
    this.#lines.feed(piece)
  }

  end(): void {
    this.#lines.end()
    this.#records.end()
    this.#stderr.end()
    this.#statements.end()
  }

  #line(line: string): void {
    const read = parseJsonBytes(line) as Wrapped | null | undefined
    const text = typeof read === 'object' && read !== null ? innerText(read) : undefined
    if (text !== undefined) this.#records.feed(text.endsWith('\n') || 'log' in (read as Wrapped) ? text : `${text}\n`)
    else if (typeof read?.record === 'object' && read.record !== null)
      this.#statements.record(recordOfJson(read.record as JsonRecord, this.#time))
    else if (read === undefined) this.sink.unread('malformed-json', line.slice(0, 2000))
  }
}

const marks =
  /^\{.*("textPayload":|"logging_pod":|"record":\{"log_time"|"errorLevel":|"log":"(?:[^"\\]|\\.)*?(?:LOG|ERROR|DETAIL): {2})/

export const postgresWrapped: LogFormat = {
  name: 'postgres-wrapped',
  description: 'a PostgreSQL log as a platform keeps it: JSON of Cloud SQL, Azure, CloudNativePG or Docker',
  recognises(head) {
    const lines = head.split('\n').slice(0, 50)
    return lines.some((line) => marks.test(line.slice(0, 4000))) ? 0.95 : 0
  },
  startsRecord: (text) => text.startsWith('{'),
  reader: (sink, options) => new WrappedReader(sink, options),
}
