/**
 * How SQL is written where a statement comes from: what a tokeniser has to know, as data, so that nobody asks for the
 * name of a server.
 */
export interface SqlGrammar {
  /** `\'` inside a plain literal. */
  readonly backslashEscapes: boolean
  /** "a" is a name; false: a literal. */
  readonly doubleQuotedNames: boolean
  /** `$tag$ … $tag$`, `E'…'`, `::type`, and `$1` as a bound parameter. */
  readonly dollarQuotes: boolean
  /** `# …` to the end of the line. */
  readonly hashComments: boolean
  /** What unquoted names become. */
  readonly unquotedNames: 'lower' | 'as-written'
}

/** PostgreSQL's with standard_conforming_strings on. */
export const STANDARD_SQL: SqlGrammar = {
  backslashEscapes: false,
  doubleQuotedNames: true,
  dollarQuotes: true,
  hashComments: false,
  unquotedNames: 'lower',
}

/** MySQL's and MariaDB's with their default sql_mode. */
export const BACKSLASH_SQL: SqlGrammar = {
  backslashEscapes: true,
  doubleQuotedNames: false,
  dollarQuotes: false,
  hashComments: true,
  unquotedNames: 'as-written',
}

/**
 * One statement as a log recorded it. All texts hold one character per byte of the log (latin1), since most are only
 * compared and hashed; `fromLog` in logs/encoding.ts makes readable text of one. An empty string: the log doesn't tell.
 */
export interface LoggedStatement {
  /** Milliseconds since 1970, UTC; NaN where the log has no time. When it was received, or else when it ended. */
  readonly at: number
  /** How long it ran, in milliseconds; NaN where the log doesn't tell. */
  readonly duration: number
  /** Whoever sent it: one connection, as far as the log can tell them apart. */
  readonly session: string
  readonly database: string
  readonly application: string
  /** The transaction that it ran in, unique over the log; PostgreSQL's virtual transaction id. */
  readonly transaction: string
  readonly grammar: SqlGrammar
  /** The SQL alone, its line breaks as sent. May hold several statements. */
  readonly text: string
  /**
   * Bound values in order, NULL as null. A string is PostgreSQL's own list (`$1 = 'x', $2 = NULL`), read only where
   * needed. Null: none recorded.
   */
  readonly parameters: string | readonly (string | null)[] | null
  /** Rows returned, or written by an INSERT; NaN where the log doesn't tell. */
  readonly rows: number
}

/** A statement that failed. Its text may have come before as a LoggedStatement of the same session, or not. */
export interface LoggedFailure {
  readonly at: number
  readonly session: string
  readonly database: string
  readonly transaction: string
  readonly grammar: SqlGrammar
  readonly kind: 'unique-violation' | 'deadlock' | 'serialization' | 'other'
  /** Name of the violated constraint or index, as the message has it; or ''. */
  readonly constraint: string
  /** Columns or expressions that the message names; empty where it doesn't. */
  readonly columns: readonly string[]
  /** The statement, or ''. */
  readonly text: string
  readonly parameters: string | readonly (string | null)[] | null
}

/** Sums over all executions of a statement whose literals were taken out by the server. */
export interface StatementTotals {
  readonly grammar: SqlGrammar
  readonly database: string
  /** Literals are `$n` or `?`. */
  readonly text: string
  readonly calls: number
  /** Rows returned or written, over all calls; NaN where it isn't known. */
  readonly rows: number
  /** Failed executions; NaN where it isn't known. */
  readonly errors: number
  /** Cut off by the server: the end of the text is missing. */
  readonly truncated: boolean
}

/** Where readers of logs and of statistics put what they find, in the order of the log. */
export interface StatementSink {
  statement(one: LoggedStatement): void
  failure(one: LoggedFailure): void
  totals(one: StatementTotals): void
  /** A piece that could not be used: why (kebab-case, few different ones), and the piece, which may hold values. */
  unread(reason: string, example: string): void
}

/** Reads a log pushed to it in pieces of any size, one character per byte; holds no more than one record per session. */
export interface LogReader {
  feed(piece: string): void
  /** No more will come: what is still held is given out. */
  end(): void
}
