import { MysqlCommands } from '../model/mysql-commands.js'
import { grammarOf } from '../model/mysql-statement.js'
import type { LogReader, StatementSink } from '../model/statement.js'
import type { LogFormat, LogOptions } from './format.js'
import { type Form, GeneralHeader } from './mysql-general-header.js'
import { isBanner, isBelowBanner, Lines, linesOf, longestRecord, Text } from './mysql-lines.js'
import { Clock } from './mysql-time.js'

/** What the two logs of MySQL and MariaDB may be told besides. */
export interface MysqlLogOptions extends LogOptions {
  /** The server's own sql_mode, where it is known. */
  readonly sqlMode?: string | undefined
}

/**
 * The general query log as a file, of MySQL and MariaDB of any version. It is written when a statement arrives, so it knows of
 * neither rows nor errors; values of prepared statements are in the text of `Execute`.
 * https://dev.mysql.com/doc/refman/en/query-log.html
 */
export const mysqlGeneral: LogFormat = {
  name: 'mysql-general',
  description: 'the general query log of MySQL or MariaDB',
  recognises(head) {
    const header = new GeneralHeader(new Clock())
    let banner = 0
    for (const line of linesOf(head)) {
      if (header.read(line, 0, line.length)) return 0.95
      if (isBanner(line, 0, line.length)) banner = 0.2
    }
    return banner
  },
  startsRecord(text) {
    const end = text.indexOf('\n')
    const length = end < 0 ? text.length : end
    return new GeneralHeader(new Clock()).read(text, 0, length) || isBanner(text, 0, length)
  },
  reader: (sink, options) => new GeneralReader(sink, options),
}

class GeneralReader implements LogReader {
  readonly #lines: Lines
  readonly #header: GeneralHeader
  readonly #commands: MysqlCommands
  readonly #text = new Text()
  /** Of the record whose lines are being read. */
  #command = ''
  #id = ''
  #at = Number.NaN
  #form: Form | undefined
  #tooLong = false

  constructor(
    private readonly sink: StatementSink,
    options: MysqlLogOptions,
  ) {
    this.#header = new GeneralHeader(new Clock(options.offsetMinutes))
    this.#commands = new MysqlCommands(sink, grammarOf(options.sqlMode ?? ''))
    this.#lines = new Lines(
      (text, start, end) => this.#line(text, start, end),
      () => {
        this.#tooLong = true
      },
    )
  }

  feed(piece: string): void {
    this.#lines.feed(piece)
  }

  end(): void {
    this.#lines.end()
    this.#finish()
  }

  #line(text: string, start: number, end: number): void {
    const header = this.#header
    if (header.read(text, start, end, this.#form)) {
      this.#finish()
      this.#form = header.form
      this.#command = header.command
      this.#id = header.id
      this.#at = header.at
      this.#text.add(text.slice(header.argument, end))
    } else if (isBanner(text, start, end)) {
      this.#finish()
      this.#command = 'banner'
      this.#form = undefined
      this.#commands.reopened()
    } else if (this.#command !== 'banner') this.#continue(text.slice(start, end))
    else if (!isBelowBanner(text.slice(start, end))) this.#command = ''
  }

  #continue(line: string): void {
    // The end of a record that begins in an earlier file, or no log at all: one line tells enough.
    if (this.#command === '' && this.#text.length > 0) return
    if (this.#text.length + line.length > longestRecord) this.#tooLong = true
    else this.#text.add(line)
  }

  /** The record is complete. */
  #finish(): void {
    const command = this.#command
    const text = this.#text.take()
    this.#command = ''
    if (this.#tooLong) {
      this.#tooLong = false
      this.sink.unread('too-long', text.slice(0, 200))
    } else if (command === '') {
      if (text !== '') this.sink.unread('cut-off', text.slice(0, 200))
    } else this.#commands.follow(this.#at, this.#id, command, text)
  }
}
