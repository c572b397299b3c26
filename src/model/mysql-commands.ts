import { afterStatement, detached, type MysqlState } from './mysql-statement.js'
import type { SqlGrammar, StatementSink } from './statement.js'

interface Session {
  /** As in LoggedStatement. */
  readonly key: string
  state: MysqlState
}

/** More connections at once than servers allow; some end without a word in the log. */
const mostSessions = 65_536

/**
 * Follows the commands of a general log, from its file or from its table, and gives out the statements among them. What it knows of a
 * connection is from its earlier commands.
 */
export class MysqlCommands {
  readonly #sessions = new Map<string, Session>()
  #id = ''
  /** How often the server has begun to number its connections anew. */
  #epoch = 0
  #highest = 0
  #mayHaveRestarted = false

  constructor(
    private readonly sink: StatementSink,
    private readonly initial: SqlGrammar,
    /** Before the number of a connection, to tell it from those of other sources. */
    private readonly prefix = '',
  ) {}

  /** The server has opened the log anew, as it also does when it starts. */
  reopened(): void {
    this.#mayHaveRestarted = true
  }

  /** `command` as the log names it, `argument` what it says of it; true where it was a statement. */
  follow(at: number, id: string, command: string, argument: string): boolean {
    this.#id = id
    if (command === 'Query' || command === 'Execute' || command === 'Bulk_execute') {
      if (argument === '') return false
      this.#statement(at, argument)
      return true
    }
    if (command === 'Connect') this.#connect(argument)
    else if (command === 'Init DB') this.#change({ database: detached(argument.trim()) })
    else if (command === 'Change user') this.#change({ database: databaseOf(argument), grammar: this.initial })
    else if (command === 'Reset Connection') this.#change({ grammar: this.initial })
    else if (command === 'Quit') this.#sessions.delete(id)
    return false
  }

  #statement(at: number, text: string): void {
    const session = this.#session()
    const { database, grammar } = session.state
    this.sink.statement({
      at,
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
    session.state = afterStatement(text, session.state, this.initial)
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
    const key = `${this.prefix}${this.#id}${this.#epoch === 0 ? '' : `.${this.#epoch}`}`
    const session = { key, state: { database: '', grammar: this.initial } }
    this.#sessions.set(this.#id, session)
    return session
  }
}

/** `root@localhost on shop using TCP/IP`, `root@localhost as anonymous on shop`: what follows the first "on". */
function databaseOf(argument: string): string {
  const [, name = ''] = / on (.*?)(?: using [A-Z][\w/ ]*)?\s*$/.exec(argument) ?? []
  return detached(name)
}
