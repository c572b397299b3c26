import { afterStatement, grammarOf, type MysqlState } from '../model/mysql-statement.js'
import type { LogReader, SqlGrammar, StatementSink } from '../model/statement.js'
import type { LogFormat, LogOptions } from './format.js'
import { type Form, GeneralHeader } from './mysql-general-header.js'
import { detached, isBanner, isBelowBanner, Lines, linesOf, longestRecord, Text } from './mysql-lines.js'
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

interface Session {
  /** As in LoggedStatement. */
  readonly key: string
  state: MysqlState
}

/** More connections at once than servers allow; some end without a word in the log. */
const mostSessions = 65_536

class GeneralReader implements LogReader {
  readonly #lines: Lines
  readonly #header: GeneralHeader
  readonly #initial: SqlGrammar
  readonly #sessions = new Map<string, Session>()
  readonly #text = new Text()
  /** Of the record whose lines are being read. */
  #command = ''
  #id = ''
  #at = Number.NaN
  #form: Form | undefined
  #tooLong = false
  /** How often the server has begun to number its connections anew. */
  #epoch = 0
  #highest = 0
  #mayHaveRestarted = false

  constructor(
    private readonly sink: StatementSink,
    options: MysqlLogOptions,
  ) {
    this.#header = new GeneralHeader(new Clock(options.offsetMinutes))
    this.#initial = grammarOf(options.sqlMode ?? '')
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
      this.#mayHaveRestarted = true
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
    } else if (command === 'Query' || command === 'Execute' || command === 'Bulk_execute') this.#statement(text)
    else if (command === 'Connect') this.#connect(text)
    else if (command === 'Init DB') this.#change({ database: detached(text.trim()) })
    else if (command === 'Change user') this.#change({ database: databaseOf(text), grammar: this.#initial })
    else if (command === 'Reset Connection') this.#change({ grammar: this.#initial })
    else if (command === 'Quit') this.#sessions.delete(this.#id)
    else if (command === '' && text !== '') this.sink.unread('cut-off', text.slice(0, 200))
  }

  #statement(text: string): void {
    if (text === '') return
    const session = this.#session()
    const { database, grammar } = session.state
    this.sink.statement({
      at: this.#at,
      duration: Number.NaN,
      session: session.key,
      database,
      application: '',
      transaction: '',
      grammar,
      text,
      parameters: null,
      rows: Number.NaN,
    })
    session.state = afterStatement(text, session.state, this.#initial)
  }

  #connect(argument: string): void {
    if (/^Access denied/.test(argument)) {
      this.#sessions.delete(this.#id)
      return
    }
    // Numbers only grow while a server runs; the lines above a file's records are also written when it is only reopened.
    const again = this.#mayHaveRestarted && Number(this.#id) <= this.#highest
    if (again || this.#sessions.has(this.#id)) {
      this.#epoch += 1
      this.#highest = 0
      this.#sessions.clear()
    }
    this.#mayHaveRestarted = false
    this.#change({ database: databaseOf(argument) })
  }

  #change(change: Partial<MysqlState>): void {
    const session = this.#session()
    session.state = { ...session.state, ...change }
  }

  #session(): Session {
    const known = this.#sessions.get(this.#id)
    if (known !== undefined) return known
    if (this.#sessions.size >= mostSessions) {
      const [oldest = ''] = this.#sessions.keys()
      this.#sessions.delete(oldest)
    }
    this.#highest = Math.max(this.#highest, Number(this.#id))
    const key = this.#epoch === 0 ? this.#id : `${this.#id}.${this.#epoch}`
    const session = { key, state: { database: '', grammar: this.#initial } }
    this.#sessions.set(this.#id, session)
    return session
  }
}

/** `root@localhost on shop using TCP/IP`, `root@localhost as anonymous on shop`: what follows the first "on". */
function databaseOf(argument: string): string {
  const [, name = ''] = / on (.*?)(?: using [A-Z][\w/ ]*)?\s*$/.exec(argument) ?? []
  return detached(name)
}
