import { afterStatement, detached, failureKind, grammarOf, rowsOf } from '../model/mysql-statement.js'
import type { LogReader, SqlGrammar, StatementSink } from '../model/statement.js'
import type { LogFormat } from './format.js'
import type { MysqlLogOptions } from './mysql-general.js'
import { isBanner, isBelowBanner, Lines, linesOf, longestRecord, Text } from './mysql-lines.js'
import {
  isUserLine,
  noHeader,
  readHeaderLine,
  readTimeLine,
  type SlowHeader,
  startOf,
  timeLine,
} from './mysql-slow-header.js'
import { Clock } from './mysql-time.js'

/**
 * The slow query log as a file, of MySQL, MariaDB and Percona Server. It tells how many rows a statement has sent, so it
 * proves a miss; with `long_query_time = 0` it has every statement, in the order in which they ended. What failed is known
 * only with MySQL's log_slow_extra.
 * https://dev.mysql.com/doc/refman/en/slow-query-log.html
 */
export const mysqlSlow: LogFormat = {
  name: 'mysql-slow',
  description: 'the slow query log of MySQL or MariaDB',
  recognises(head) {
    let banner = 0
    for (const line of linesOf(head)) {
      if (isUserLine(line) || /^# Query_time: \d/.test(line)) return 0.97
      if (isBanner(line, 0, line.length)) banner = 0.2
    }
    return banner
  },
  startsRecord(text) {
    const end = text.indexOf('\n')
    const line = end < 0 ? text : text.slice(0, end)
    return isUserLine(line) || !Number.isNaN(timeLine(line, new Clock())) || isBanner(line, 0, line.length)
  },
  reader: (sink, options) => new SlowReader(sink, options),
}

/** Connections that have set a sql_mode of their own. */
const mostGrammars = 65_536

const use = /^use (?:`((?:[^`]|``)*)`|(.*?));\s*$/
const settings = /^SET (?:last_insert_id=-?\d+,)?(?:insert_id=-?\d+,)?(?:timestamp=(\d+(?:\.\d+)?))?;\s*$/

class SlowReader implements LogReader {
  readonly #lines: Lines
  readonly #clock: Clock
  readonly #initial: SqlGrammar
  readonly #grammars = new Map<string, SqlGrammar>()
  readonly #text = new Text()
  #header: SlowHeader = noHeader()
  /** In a banner, above a statement, in it, or outside any record. */
  #part: 'none' | 'banner' | 'header' | 'statement' = 'none'
  /** A `# Time:` line inside a statement: the next line tells whether a record begins with it. */
  #time: string | null = null
  #lastEndsStatement = false
  #tooLong = false
  /** As of the last `use`, for all connections alike: it is written when it differs from the record before. */
  #database = ''
  /** How often the file was begun anew, as a restarted server does: its connections have the same numbers again. */
  #epoch = 0
  #records = 0
  #toldCutOff = false

  constructor(
    private readonly sink: StatementSink,
    options: MysqlLogOptions,
  ) {
    this.#clock = new Clock(options.offsetMinutes)
    this.#initial = grammarOf(options.sqlMode ?? '')
    this.#lines = new Lines(
      (text, start, end) => this.#line(text.slice(start, end)),
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

  #line(line: string): void {
    if (this.#part === 'statement') this.#inStatement(line)
    else this.#outside(line)
  }

  #inStatement(line: string): void {
    const time = this.#time
    this.#time = null
    if (time !== null && !isUserLine(line)) this.#add(time)
    if (this.#lastEndsStatement && line.charCodeAt(0) === 35) {
      if (isUserLine(line)) {
        this.#begin()
        if (time !== null) readTimeLine(time, this.#header, this.#clock)
        readHeaderLine(line, this.#header)
        return
      }
      if (!Number.isNaN(timeLine(line, this.#clock))) {
        this.#time = line
        return
      }
    }
    if (isBanner(line, 0, line.length)) this.#banner()
    else this.#add(line)
  }

  #add(line: string): void {
    const last = line.charCodeAt(line.length - 1) === 13 ? line.length - 2 : line.length - 1
    this.#lastEndsStatement = line.charCodeAt(last) === 59
    if (this.#text.length + line.length > longestRecord) this.#tooLong = true
    else this.#text.add(line)
  }

  #outside(line: string): void {
    if (line.charCodeAt(0) === 35) this.#headerLine(line)
    else if (isBanner(line, 0, line.length)) this.#banner()
    else if (this.#part === 'header') this.#belowHeader(line)
    else if (this.#part === 'banner' && isBelowBanner(line)) return
    else this.#unread(line)
  }

  #headerLine(line: string): void {
    if (!Number.isNaN(timeLine(line, this.#clock))) {
      if (this.#part !== 'none') this.#begin()
      this.#part = 'header'
      readTimeLine(line, this.#header, this.#clock)
    } else if (isUserLine(line)) {
      if (this.#header.id !== '') this.#begin()
      this.#part = 'header'
      readHeaderLine(line, this.#header)
    } else if (this.#part === 'header') this.#commentLine(line)
  }

  #commentLine(line: string): void {
    // "# administrator command: Quit;" stands in the place of a statement.
    if (line.startsWith('# administrator command: ')) this.#administer(line)
    else readHeaderLine(line, this.#header)
  }

  #administer(line: string): void {
    if (line.startsWith('# administrator command: Quit')) this.#grammars.delete(this.#header.id)
    this.#records += 1
    this.#header = noHeader()
    this.#part = 'none'
  }

  #belowHeader(line: string): void {
    const header = this.#header
    const setting = header.settings ? null : settings.exec(line)
    const database = header.settings ? null : use.exec(line)
    if (setting !== null) {
      header.settings = true
      header.started = setting[1] === undefined ? Number.NaN : Number(setting[1]) * 1000
    } else if (database !== null) {
      this.#database = detached(database[1]?.replaceAll('``', '`') ?? database[2] ?? '')
    } else {
      this.#part = 'statement'
      this.#add(line)
    }
  }

  #begin(): void {
    this.#finish()
    this.#part = 'header'
  }

  #banner(): void {
    this.#finish()
    this.#part = 'banner'
    if (this.#records === 0) return
    this.#epoch += 1
    this.#records = 0
    this.#database = ''
    this.#grammars.clear()
  }

  #unread(line: string): void {
    // Once for all that precedes the first record.
    if (this.#part === 'banner' || this.#records > 0 || this.#toldCutOff || line.trim() === '') return
    this.#toldCutOff = true
    this.sink.unread('cut-off', line.slice(0, 200))
  }

  #finish(): void {
    if (this.#time !== null) this.#add(this.#time)
    this.#time = null
    const header = this.#header
    const text = this.#text.take()
    const complete = this.#part === 'statement'
    this.#header = noHeader()
    this.#part = 'none'
    this.#lastEndsStatement = false
    if (this.#tooLong) this.sink.unread('too-long', text.slice(0, 200))
    else if (complete) this.#give(header, withoutEnd(text))
    this.#tooLong = false
  }

  #give(header: SlowHeader, text: string): void {
    this.#records += 1
    const grammar = this.#grammars.get(header.id) ?? this.#initial
    const at = startOf(header)
    const session = this.#epoch === 0 ? header.id : `${header.id}.${this.#epoch}`
    const database = header.schema === undefined ? this.#database : header.schema
    if (header.errno !== 0) {
      const failed = { kind: failureKind(header.errno), constraint: '', columns: [] }
      this.sink.failure({ at, session, database, transaction: '', grammar, ...failed, text, parameters: null })
      return
    }
    // Each written out: spreading costs more than all of the reading.
    this.sink.statement({
      at,
      duration: header.duration,
      session,
      database,
      application: '',
      transaction: '',
      grammar,
      text,
      parameters: null,
      rows: rowsOf(text, header.rowsSent, header.rowsAffected),
    })
    this.#follow(header.id, text, grammar)
  }

  #follow(id: string, text: string, grammar: SqlGrammar): void {
    const after = afterStatement(text, { database: '', grammar }, this.#initial).grammar
    if (after === grammar) return
    this.#grammars.delete(id)
    if (this.#grammars.size >= mostGrammars) this.#grammars.clear()
    this.#grammars.set(id, after)
  }
}

/** Without the `;` that the server puts behind each. */
function withoutEnd(text: string): string {
  const trimmed = text.endsWith('\r') ? text.slice(0, -1) : text
  return trimmed.endsWith(';') ? trimmed.slice(0, -1) : trimmed
}
