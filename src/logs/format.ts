import type { LogReader, StatementSink } from '../model/statement.js'

/** One kind of log: how to tell it, and how to read it. All texts hold one character per byte (latin1). */
export interface LogFormat {
  /** What `--log-format` takes; permanent. */
  readonly name: string
  /** For people, after "This is …": `a PostgreSQL log in CSV form`. */
  readonly description: string
  /** How sure it is that a file that begins with these kilobytes is one: 0 (it isn't) … 1. */
  recognises(head: string): number
  /**
   * Whether a record starts at the beginning of this text: asked where one file ends without a line break and the next
   * begins, to tell a record that goes on from one that was cut off.
   */
  startsRecord(text: string): boolean
  reader(sink: StatementSink, options: LogOptions): LogReader
}

/** What readers may be told; each uses what it has a use for. */
export interface LogOptions {
  /** The server's `log_line_prefix`, as written in its settings. Absent: found out from the log. */
  readonly linePrefix?: string | undefined
  /**
   * The zone of times that are written without one, as minutes to add to UTC, e.g. 120 for UTC+2. Absent: they are UTC.
   */
  readonly offsetMinutes?: number | undefined
  /** The server's sql_mode, which says how texts and names are quoted. Absent: its default. */
  readonly sqlMode?: string | undefined
}
