import { failureKind, rowsOf, violatedIndex } from './mysql-statement.js'
import type { SqlGrammar, StatementSink } from './statement.js'

/** A row of performance_schema.events_statements_history or …_history_long. Texts as in LoggedStatement. */
export interface StatementEvent {
  readonly thread: string
  /** `statement/sql/select` */
  readonly name: string
  /** '' for none. */
  readonly text: string
  readonly database: string
  /** Milliseconds, as in LoggedStatement. */
  readonly at: number
  readonly duration: number
  readonly rowsSent: number
  readonly rowsAffected: number
  readonly errno: number
  readonly message: string
}

/**
 * Gives out what an event tells; true where it was a statement. Those of server-side prepared statements have `?` for
 * their values; the ones inside stored routines have names.
 */
export function giveEvent(event: StatementEvent, sink: StatementSink, grammar: SqlGrammar): boolean {
  const { at, database, text, errno } = event
  if (!isStatement(event)) return false
  // The server cuts long texts off and ends them so.
  if (text.endsWith('...')) {
    sink.unread('truncated-text', text.slice(0, 200))
    return false
  }
  const common = { at, session: event.thread, database, transaction: '', grammar, text, parameters: null }
  if (errno !== 0) {
    sink.failure({ ...common, kind: failureKind(errno), constraint: violatedIndex(event.message), columns: [] })
  } else {
    const rows = rowsOf(text, event.rowsSent, event.rowsAffected)
    sink.statement({ ...common, application: '', duration: event.duration, rows })
  }
  return true
}

/** What prepares a statement has its text without having run it. */
function isStatement({ name, text }: StatementEvent): boolean {
  if (text === '' || name === 'statement/sql/prepare_sql') return false
  return name.startsWith('statement/sql/') || name === 'statement/com/Execute' || name === 'statement/com/Query'
}
