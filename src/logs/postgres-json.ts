import type { LogReader, StatementSink } from '../model/statement.js'
import type { LogFormat, LogOptions } from './format.js'
import { parseJsonBytes } from './json-bytes.js'
import type { PostgresRecord } from './postgres-record.js'
import { errorSeverities } from './postgres-severity.js'
import { PostgresStatements } from './postgres-statements.js'
import { TimeReader } from './postgres-time.js'
import { WholeLines } from './whole-lines.js'

/** An object of jsonlog; or one with the columns of csvlog, as operators of clusters write them. */
export type JsonRecord = Readonly<Record<string, unknown>>

export function recordOfJson(read: JsonRecord, time: TimeReader): PostgresRecord {
  const text = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = read[name]
      if (typeof value === 'string') return value
    }
    return ''
  }
  const when = text('timestamp', 'log_time')
  const transaction = text('vxid', 'virtual_transaction_id')
  return {
    at: time.read(when, 0, true) < 0 ? Number.NaN : time.at,
    session: text('session_id') || String(read.pid ?? read.process_id ?? ''),
    database: text('dbname', 'database_name'),
    application: text('application_name'),
    transaction: transaction.endsWith('/0') ? '' : transaction,
    error: errorSeverities.has(text('error_severity')),
    sqlstate: text('state_code', 'sql_state_code'),
    message: text('message'),
    detail: text('detail'),
    context: text('context'),
    statement: text('statement', 'query'),
  }
}

class JsonReader implements LogReader {
  readonly #statements: PostgresStatements
  readonly #time: TimeReader
  readonly #lines = new WholeLines((line) => this.#line(line))

  constructor(
    private readonly sink: StatementSink,
    options: LogOptions,
  ) {
    this.#statements = new PostgresStatements(sink)
    this.#time = new TimeReader(options.offsetMinutes)
  }

  feed(piece: string): void {
    this.#lines.feed(piece)
  }

  end(): void {
    this.#lines.end()
    this.#statements.end()
  }

  #line(line: string): void {
    const read = parseJsonBytes(line)
    if (typeof read === 'object' && read !== null && 'error_severity' in read)
      this.#statements.record(recordOfJson(read as JsonRecord, this.#time))
    else this.sink.unread('malformed-json', line.slice(0, 2000))
  }
}

const beginning = /^\{"timestamp":"\d{4}-\d\d-\d\d \d\d:/

export const postgresJson: LogFormat = {
  name: 'postgres-json',
  description: 'a PostgreSQL log with one JSON object per line (jsonlog)',
  recognises: (head) => (beginning.test(head) || beginning.test(head.slice(head.indexOf('\n') + 1)) ? 1 : 0),
  startsRecord: (text) => beginning.test(text),
  reader: (sink, options) => new JsonReader(sink, options),
}
