import { type LoggedStatement, STANDARD_SQL, type StatementSink } from '../model/statement.js'
import { auditedStatement } from './postgres-audit.js'
import { failureOf } from './postgres-failure.js'
import { explainedStatement } from './postgres-plan.js'
import { preparedStatement } from './postgres-prepared.js'
import type { PostgresRecord } from './postgres-record.js'
import { inEnglish } from './postgres-translations.js'
import { SecondAccounts } from './postgres-twice.js'

/** The statement of a message, before it is known where and when. */
export interface Told {
  readonly text: string
  readonly duration?: number
  readonly parameters?: LoggedStatement['parameters']
  readonly rows?: number
}

/** Makes statements and failures of records, whichever form of log they came in. */
export class PostgresStatements {
  readonly #second: SecondAccounts

  constructor(private readonly sink: StatementSink) {
    this.#second = new SecondAccounts(sink)
  }

  record(record: PostgresRecord): void {
    if (record.error) this.#second.failure(failureOf(record))
    else this.#message(record, record.message)
  }

  end(): void {
    this.#second.end()
  }

  /** Most messages are none of ours; the first letter tells at once. */
  #message(record: PostgresRecord, message: string): void {
    const first = message.charCodeAt(0)
    if (first === 115 /* s */) {
      if (message.startsWith('statement: ')) this.#statement(record, message, 11, Number.NaN)
    } else if (first === 101 /* e */) {
      if (message.startsWith('execute ')) this.#execute(record, message, 8, Number.NaN)
    } else if (first === 100 /* d */) {
      if (message.startsWith('duration: ')) this.#timed(record, message)
    } else if (message.startsWith('AUDIT: ')) {
      this.#audit(record, message)
    } else {
      const english = inEnglish(message)
      if (english !== message) this.#message(record, english)
    }
  }

  #statement(record: PostgresRecord, message: string, from: number, duration: number): void {
    const text = message.slice(from)
    const prepared = record.detail === '' ? undefined : preparedStatement(text, record.detail)
    this.#give(record, prepared ?? { text }, duration)
  }

  /** `execute NAME[/PORTAL]: SQL`, `from` being where NAME starts. Later fetches of a portal aren't executions. */
  #execute(record: PostgresRecord, message: string, from: number, duration: number): void {
    const colon = message.indexOf(': ', from)
    if (colon < 0 || message.startsWith('fetch from ', from)) return
    this.#give(record, { text: message.slice(colon + 2), parameters: boundValues(record.detail) }, duration)
  }

  /** `duration: 0.1 ms`, followed by two spaces and what took so long, unless that was logged before. */
  #timed(record: PostgresRecord, message: string): void {
    const unit = message.indexOf(' ms', 10)
    const from = unit + 5
    if (unit < 0 || from >= message.length) return
    const duration = Number(message.slice(10, unit))
    if (message.startsWith('statement: ', from)) this.#statement(record, message, from + 11, duration)
    else if (message.startsWith('execute ', from)) this.#execute(record, message, from + 8, duration)
    else if (message.startsWith('plan:', from)) this.#plan(record, message.slice(from + 5), duration)
  }

  #plan(record: PostgresRecord, plan: string, duration: number): void {
    const told = explainedStatement(plan)
    if (told) this.#second.account(statementOf(record, told, duration))
    else this.sink.unread('unknown-plan-format', plan)
  }

  #audit(record: PostgresRecord, message: string): void {
    const told = auditedStatement(message)
    if (told === undefined) this.sink.unread('malformed-audit-entry', message)
    else if (told !== null) this.#second.account(statementOf(record, told, Number.NaN), told.serial)
  }

  #give(record: PostgresRecord, told: Told, duration: number): void {
    this.#second.statement(statementOf(record, told, duration))
  }
}

function statementOf(record: PostgresRecord, told: Told, duration: number): LoggedStatement {
  return {
    at: record.at,
    duration,
    session: record.session,
    database: record.database,
    application: record.application,
    transaction: record.transaction,
    grammar: STANDARD_SQL,
    text: told.text,
    parameters: told.parameters ?? null,
    rows: told.rows ?? Number.NaN,
  }
}

/** The list in `parameters: $1 = 'x'`, in whatever language and capitals. */
function boundValues(detail: string): string | null {
  const colon = detail.indexOf(': $1 = ')
  return colon < 0 ? null : detail.slice(colon + 2)
}
