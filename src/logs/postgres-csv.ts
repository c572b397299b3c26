import type { LogReader, StatementSink } from '../model/statement.js'
import { fieldText, parseCsvRecord } from './csv-record.js'
import { CsvRecords } from './csv-records.js'
import type { LogFormat, LogOptions } from './format.js'
import { errorSeverities } from './postgres-severity.js'
import { PostgresStatements } from './postgres-statements.js'
import { TimeReader } from './postgres-time.js'

/** Places of the columns; the first 23 have been the same since 9.0. */
const COLUMN = {
  time: 0,
  database: 2,
  session: 5,
  transaction: 9,
  severity: 11,
  sqlstate: 12,
  message: 13,
  detail: 14,
  context: 18,
  statement: 19,
  application: 22,
}
const FEWEST = 23
const MOST = 40

/** A record begins with its time, to the millisecond, and a zone. */
const recordStart = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^",\n]{1,8},/

class CsvReader implements LogReader {
  readonly #records: CsvRecords
  readonly #statements: PostgresStatements
  readonly #time: TimeReader
  readonly #places: number[] = []

  constructor(
    private readonly sink: StatementSink,
    options: LogOptions,
  ) {
    this.#statements = new PostgresStatements(sink)
    this.#time = new TimeReader(options.offsetMinutes)
    this.#records = new CsvRecords(
      recordStart,
      (text, from) => this.#take(text, from),
      (text) => this.#bad(text),
    )
  }

  feed(piece: string): void {
    this.#records.feed(piece)
  }

  end(): void {
    this.#records.end()
    this.#statements.end()
  }

  #bad(text: string): void {
    this.sink.unread('malformed-csv', text.slice(0, 2000))
  }

  /** Where the record at `from` ends; -1: it isn't whole; -2: it is none. */
  #take(text: string, from: number): number {
    const places = this.#places
    const end = parseCsvRecord(text, from, places)
    const columns = places.length / 2
    if (end < 0) return end
    if (columns < FEWEST || columns > MOST || this.#time.read(text, from, true) < 0) return -2
    const field = (column: number): string => fieldText(text, places, column)
    const transaction = field(COLUMN.transaction)
    this.#statements.record({
      at: this.#time.at,
      session: field(COLUMN.session),
      database: field(COLUMN.database),
      application: field(COLUMN.application),
      transaction: transaction.endsWith('/0') ? '' : transaction,
      error: errorSeverities.has(field(COLUMN.severity)),
      sqlstate: field(COLUMN.sqlstate),
      message: field(COLUMN.message),
      detail: field(COLUMN.detail),
      context: field(COLUMN.context),
      statement: field(COLUMN.statement),
    })
    return end
  }
}

export const postgresCsv: LogFormat = {
  name: 'postgres-csv',
  description: 'a PostgreSQL log in CSV form (csvlog)',
  recognises(head) {
    const start = recordStart.test(head) ? 0 : head.indexOf('\n') + 1
    if (!recordStart.test(head.slice(start, start + 200))) return 0
    const places: number[] = []
    const end = parseCsvRecord(head, start, places)
    if (end === -1) return 0.8
    return end >= 0 && places.length / 2 >= FEWEST ? 1 : 0
  },
  startsRecord: (text) => recordStart.test(text),
  reader: (sink, options) => new CsvReader(sink, options),
}
