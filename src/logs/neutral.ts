import {
  BACKSLASH_SQL,
  type LoggedFailure,
  type LoggedStatement,
  type LogReader,
  type SqlGrammar,
  STANDARD_SQL,
  type StatementSink,
} from '../model/statement.js'
import type { LogFormat } from './format.js'
import { Lines, linesOf } from './mysql-lines.js'
import { parseJson } from './neutral-json.js'
import { instantOf } from './neutral-time.js'

/**
 * Statements from anywhere: a JSON object per line, of these keys and whatever others there are.
 *
 *   {"time": "2026-11-24T19:17:00.899Z", "session": "42", "database": "shop", "application": "web",
 *    "text": "SELECT id FROM cart WHERE session_id = $1 LIMIT 1", "parameters": ["s-1"], "rows": 0}
 *
 * text         the SQL, alone required; `statement`, `query` and `sql` are other names for it
 * time         when it was sent: ISO 8601 (without a zone UTC), or a number since 1970, whose size tells seconds, milli-,
 *              micro- or nanoseconds; `timestamp` is another name for it
 * session      whoever sent it, one connection where that is known: a string or a number
 * parameters   values bound to $1 or ?, in order: a list of strings, numbers, booleans and nulls; an object by number; or a
 *              string such as "$1 = 'x', $2 = NULL"; `params` is another name for it
 * rows         how many rows were returned, or written by an INSERT
 * duration     milliseconds
 * transaction  the transaction that it ran in: a string or a number, unique over the file
 * database, application
 * error        {"code": "23505", "constraint": "cart_session_id_key", "columns": ["session_id"]} where it failed, code being
 *              an SQLSTATE, or MySQL's number or name of the error; or such a code alone
 * dialect      how the SQL is written: "mysql" or "mariadb" (backslashes in texts, "texts" in double quotes), or "postgresql"
 *              and all else; where it is absent, backquotes and the code of an error tell
 *
 * Lines in the order in which the statements were sent; of different sessions they may be mixed.
 */
export const neutral: LogFormat = {
  name: 'jsonl',
  description: 'statements as JSON lines',
  recognises(head) {
    for (const line of linesOf(withoutMark(head))) {
      if (line.trim() !== '') return recordOf(line) === null ? 0 : 0.8
    }
    return 0
  },
  startsRecord: (text) => /^\s*\{/.test(text),
  reader: (sink) => new NeutralReader(sink),
}

type Json = Readonly<Record<string, unknown>>

class NeutralReader implements LogReader {
  readonly #lines: Lines

  constructor(private readonly sink: StatementSink) {
    this.#lines = new Lines(
      (text, start, end) => this.#line(withoutMark(text.slice(start, end))),
      () => this.sink.unread('too-long', ''),
    )
  }

  feed(piece: string): void {
    this.#lines.feed(piece)
  }

  end(): void {
    this.#lines.end()
  }

  #line(line: string): void {
    if (line.trim() === '') return
    const record = recordOf(line)
    if (record === null) this.sink.unread('not-json-statement', line.slice(0, 200))
    else this.#give(record)
  }

  #give(record: Json): void {
    const code = codeOf(record)
    const common = {
      at: instantOf(record.time ?? record.timestamp),
      session: word(record.session),
      database: word(record.database),
      transaction: word(record.transaction),
      grammar: grammarOf(record, code),
      text: textOf(record) ?? '',
      parameters: parametersOf(record.parameters ?? record.params),
    }
    if (code === null) this.sink.statement({ ...common, ...measures(record) })
    else this.sink.failure({ ...common, ...failureOf(record.error, code) })
  }
}

/** The object of a line that has a statement; null for anything else. */
function recordOf(line: string): Json | null {
  const parsed = parseJson(line)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
  return textOf(parsed as Json) === undefined ? null : (parsed as Json)
}

function textOf(record: Json): string | undefined {
  const { text, statement, query, sql } = record
  return [text, statement, query, sql].find((each): each is string => typeof each === 'string' && each !== '')
}

/** What a key's value is as a text; '' for none. */
function word(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

function number(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
}

function measures(record: Json): Pick<LoggedStatement, 'application' | 'duration' | 'rows'> {
  return { application: word(record.application), duration: number(record.duration), rows: number(record.rows) }
}

function parametersOf(given: unknown): LoggedStatement['parameters'] {
  if (Array.isArray(given)) return given.map(parameter)
  // As PostgreSQL writes them: $1 = 'x', $2 = NULL
  if (typeof given === 'string') return /^\s*\$\d+ = /.test(given) ? given : null
  if (typeof given !== 'object' || given === null) return null
  const byNumber = Object.entries(given).map(([key, value]) => [Number(key.replace(/^\$/, '')), value] as const)
  const highest = Math.max(0, ...byNumber.map(([place]) => place))
  // Names, which the text of a statement knows nothing of once it is sent.
  if (!Number.isInteger(highest) || highest > 65_535) return null
  const values: (string | null)[] = Array.from({ length: highest }, () => null)
  for (const [place, value] of byNumber) if (place >= 1) values[place - 1] = parameter(value)
  return values
}

function parameter(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  return typeof value === 'object' ? compact(value) : String(value)
}

function compact(value: object): string | null {
  try {
    return JSON.stringify(value)
  } catch {
    // Nested deeper than the stack.
    return null
  }
}

/** Null where it didn't fail. */
function codeOf({ error }: Json): string | null {
  if (error === null || error === undefined || error === false || error === '') return null
  if (typeof error !== 'object') return String(error)
  const { code, errno, sqlState } = error as Json
  return word(errno) || word(code) || word(sqlState) || 'unknown'
}

const kinds: ReadonlyMap<string, LoggedFailure['kind']> = new Map([
  ...['23505', '1062', '1586', 'ER_DUP_ENTRY'].map((code) => [code, 'unique-violation'] as const),
  ...['40P01', '1213', 'ER_LOCK_DEADLOCK'].map((code) => [code, 'deadlock'] as const),
  ...['40001', '1020'].map((code) => [code, 'serialization'] as const),
])

function failureOf(error: unknown, code: string): Pick<LoggedFailure, 'kind' | 'constraint' | 'columns'> {
  const { constraint, columns } = (typeof error === 'object' && error !== null ? error : {}) as Json
  return {
    kind: kinds.get(code) ?? 'other',
    constraint: word(constraint),
    columns: Array.isArray(columns) ? columns.map(word) : [],
  }
}

const grammars = new Map<string, SqlGrammar>([
  ['mysql', BACKSLASH_SQL],
  ['mariadb', BACKSLASH_SQL],
])

function grammarOf(record: Json, code: string | null): SqlGrammar {
  const dialect = word(record.dialect).toLowerCase()
  if (dialect !== '') return grammars.get(dialect) ?? STANDARD_SQL
  const backslashes = (textOf(record) ?? '').includes('`') || /^(\d{4}|ER_\w+)$/.test(code ?? '')
  return backslashes ? BACKSLASH_SQL : STANDARD_SQL
}

/** Without what some programs begin a file of UTF-8 with. */
function withoutMark(text: string): string {
  return text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text
}
