import type { LogReader, StatementSink } from '../model/statement.js'
import type { LogFormat, LogOptions } from './format.js'
import { HeldRecords } from './postgres-held.js'
import { type Field, fields, PrefixMatcher } from './postgres-prefix.js'
import { learnPrefix } from './postgres-prefix-learn.js'
import { SessionNames } from './postgres-sessions.js'
import { findSeverity, type Part, SeverityReader } from './postgres-severity.js'
import { PostgresStatements } from './postgres-statements.js'
import { TabbedRecords } from './tabbed-records.js'

/** What is known of lines from around them, when something else than the server wrote them down. */
export interface Envelope {
  readonly at: number
  readonly pid: string
}

const MOST_PREFIXES = 8
const MOST_LESSONS = 200
const place = Object.fromEntries(fields.map((field, at) => [field, at])) as Record<Field, number>

/** Records as the server writes them to its standard error. */
export class StderrRecords {
  readonly #severity = new SeverityReader()
  readonly #statements: PostgresStatements
  readonly #held: HeldRecords
  readonly #names = new SessionNames()
  readonly #matchers: PrefixMatcher[] = []
  #matcher: PrefixMatcher | undefined
  #lessons = 0
  /** Texts of the last record, given again where they repeat. */
  readonly #last: string[] = fields.map(() => '')
  envelope: Envelope | undefined

  constructor(
    private readonly sink: StatementSink,
    private readonly options: LogOptions,
    held?: number,
  ) {
    this.#statements = new PostgresStatements(sink)
    this.#held = new HeldRecords((record) => this.#statements.record(record), held)
    if (options.linePrefix !== undefined) this.#know(this.#made(options.linePrefix))
  }

  /** Whole records between two places of a text. */
  take(text: string, from: number, to: number): void {
    for (let at = from; at < to; ) {
      let end = text.indexOf('\n', at)
      if (end < 0 || end >= to) end = to
      const firstEnd = end
      while (end + 1 < to && text.charCodeAt(end + 1) === 9) {
        end = text.indexOf('\n', end + 1)
        if (end < 0 || end >= to) end = to
      }
      this.#record(text, at, end, end > firstEnd)
      at = end + 1
    }
  }

  end(): void {
    this.#held.end()
    this.#statements.end()
  }

  #record(text: string, from: number, until: number, several: boolean): void {
    const end = until > from && text.charCodeAt(until - 1) === 13 ? until - 1 : until
    if (end === from) return
    const matcher = this.#match(text, from, end)
    if (matcher === undefined) {
      this.#unknown(text, from, end)
      return
    }
    const { part } = this.#severity
    const main = part === 'log' || part === 'error'
    if (part === 'other') return
    const code = main ? sqlstateAt(text, this.#severity.after) : ''
    const start = this.#severity.after + (code === '' ? 0 : 7)
    const piece = text.slice(Math.min(start, end), end)
    this.#part(matcher, text, part, code, several ? piece.replaceAll('\n\t', '\n') : piece)
  }

  #part(matcher: PrefixMatcher, line: string, part: Part, code: string, text: string): void {
    const at = Number.isNaN(matcher.at) && this.envelope ? this.envelope.at : matcher.at
    const database = this.#field(matcher, line, place.database)
    const session = this.#session(matcher, line, database, at, part === 'log' ? text : '')
    if (part !== 'log' && part !== 'error') {
      if (!this.#held.companion(session, part, text) && part === 'detail')
        this.sink.unread('detail-without-record', text)
      return
    }
    const transaction = this.#field(matcher, line, place.transaction)
    this.#held.record({
      at,
      session,
      database: known(database),
      application: known(this.#field(matcher, line, place.application)),
      transaction: transaction.endsWith('/0') ? '' : transaction,
      error: part === 'error',
      sqlstate: code === '' ? this.#field(matcher, line, place.sqlstate) : code,
      message: text,
      detail: '',
      context: '',
      statement: '',
    })
  }

  #session(matcher: PrefixMatcher, line: string, database: string, at: number, message: string): string {
    const session = this.#field(matcher, line, place.session)
    if (session !== '') return session
    const pid = this.#field(matcher, line, place.pid) || (this.envelope?.pid ?? '')
    const start = this.#field(matcher, line, place.start)
    if (pid !== '' && start !== '') return `${pid} ${start}`
    if (pid !== '') {
      if (message.startsWith('database system is ready')) this.#names.restart()
      return this.#names.nameOf(pid, known(database), at, message.startsWith('connection received'))
    }
    // Else the address with its port, or the number of the backend, which is before the slash.
    const remote = this.#field(matcher, line, place.remote)
    const transaction = this.#field(matcher, line, place.transaction)
    return remote.endsWith(')') ? remote : transaction.slice(0, Math.max(0, transaction.indexOf('/')))
  }

  #field(matcher: PrefixMatcher, text: string, field: number): string {
    const start = matcher.starts[field] as number
    if (start < 0) return ''
    const length = (matcher.ends[field] as number) - start
    const last = this.#last[field] as string
    if (last.length === length && text.startsWith(last, start)) return last
    const value = text.slice(start, start + length)
    this.#last[field] = value
    return value
  }

  #match(text: string, from: number, end: number): PrefixMatcher | undefined {
    if (this.#matcher?.match(text, from, end)) return this.#matcher
    for (const matcher of this.#matchers) {
      if (matcher === this.#matcher || !matcher.match(text, from, end)) continue
      this.#matcher = matcher
      return matcher
    }
    if (this.#lessons >= MOST_LESSONS || this.#matchers.length >= MOST_PREFIXES) return undefined
    const line = text.slice(from, Math.min(end, from + 2000))
    if (this.#matcher !== undefined && !isTelling(line, this.#severity)) return undefined
    this.#lessons++
    const learned = learnPrefix(line, this.#severity, this.options.offsetMinutes)
    if (learned === undefined) return undefined
    this.#know(learned)
    return learned.match(text, from, end) ? learned : undefined
  }

  #made(prefix: string): PrefixMatcher {
    return new PrefixMatcher(prefix, this.options.offsetMinutes, this.#severity)
  }

  #know(matcher: PrefixMatcher): void {
    this.#matchers.push(matcher)
    this.#matcher = matcher
  }

  /** Messages of the server's own processes may have another prefix; they are none of ours. */
  #unknown(text: string, from: number, end: number): void {
    const line = text.slice(from, Math.min(end, from + 2000))
    const at = findSeverity(line, this.#severity)
    if (at >= 0 && !isTelling(line, this.#severity)) return
    this.sink.unread('no-prefix-match', line)
  }
}

const tellingMessage = /^(?:statement: |execute |duration: |AUDIT: )/

/** Whether a line whose prefix isn't known is one that matters. */
function isTelling(line: string, severity: SeverityReader): boolean {
  if (findSeverity(line, severity) < 0) return false
  return severity.part !== 'log' || tellingMessage.test(line.slice(severity.after, severity.after + 20))
}

/** Servers with log_error_verbosity = verbose put the code before the message: `00000: `. */
function sqlstateAt(text: string, at: number): string {
  if (text.charCodeAt(at + 5) !== 58 || text.charCodeAt(at + 6) !== 32) return ''
  const code = text.slice(at, at + 5)
  return /^(?=\D*\d)[0-9A-Z]{5}$/.test(code) ? code : ''
}

/** A session that hasn't said its name. */
function known(name: string): string {
  return name === '[unknown]' ? '' : name
}

class StderrReader implements LogReader {
  readonly #records: StderrRecords
  readonly #lines: TabbedRecords

  constructor(sink: StatementSink, options: LogOptions) {
    this.#records = new StderrRecords(sink, options)
    this.#lines = new TabbedRecords((text, from, to) => this.#records.take(text, from, to))
  }

  feed(piece: string): void {
    this.#lines.feed(piece)
  }

  end(): void {
    this.#lines.end()
    this.#records.end()
  }
}

/** Shares of lines that a server's log must have at the least: other programs write into it, too. */
const ENOUGH = 0.3

export const postgresStderr: LogFormat = {
  name: 'postgres-stderr',
  description: 'a PostgreSQL log as written to standard error, with any log_line_prefix',
  recognises(head) {
    const lines = head.split('\n').slice(0, 400)
    const starts = lines.filter((line) => line !== '' && !line.startsWith('\t'))
    if (lines.length > 1 && starts.length > 1) starts.pop()
    const severity = new SeverityReader()
    const found = starts.filter((line) => findSeverity(line.slice(0, 700), severity) >= 0).length
    const share = found / starts.length
    return share >= ENOUGH ? 0.6 + share * 0.3 : 0
  },
  startsRecord(text) {
    return findSeverity(text.slice(0, 700).split('\n', 1)[0] as string, new SeverityReader()) >= 0
  },
  reader: (sink, options) => new StderrReader(sink, options),
}
