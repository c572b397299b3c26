import type { LoggedFailure, LoggedStatement, StatementSink } from '../model/statement.js'

const HELD = 256
const HELD_CHARACTERS = 1 << 20
const SESSIONS = 10_000

type Held = { statement: LoggedStatement; accounted: boolean; serial: string } | { failure: LoggedFailure }

/**
 * auto_explain and pgaudit tell of a statement once more, after it ran, perhaps with its rows. Statements wait a while
 * for that in logs where it happens; in others they go straight through.
 */
export class SecondAccounts {
  readonly #held: Held[] = []
  #characters = 0
  #expected = false
  /** By session, what the server itself logged last. */
  readonly #last = new Map<string, string>()
  #previous: LoggedStatement | undefined

  constructor(private readonly sink: StatementSink) {}

  statement(statement: LoggedStatement): void {
    if (this.#expected) {
      this.#remember(statement)
      this.#hold({ statement, accounted: false, serial: '' }, statement.text.length)
    } else {
      this.#previous = statement
      this.sink.statement(statement)
    }
  }

  failure(failure: LoggedFailure): void {
    if (this.#expected) this.#hold({ failure }, failure.text.length)
    else this.sink.failure(failure)
  }

  /** What another module told; `serial` is its number of the statement, where it counts them. */
  account(told: LoggedStatement, serial = ''): void {
    if (!this.#expected) {
      this.#expected = true
      if (this.#previous) this.#remember(this.#previous)
    }
    const place = this.#held.findLastIndex((held) => 'statement' in held && isSame(held.statement, told))
    const found = this.#held[place]
    if (found && 'statement' in found && !(serial !== '' && found.serial !== '' && serial !== found.serial)) {
      const rows = found.accounted && serial === '' ? Number.NaN : told.rows
      const statement =
        Number.isNaN(found.statement.rows) || found.accounted ? { ...found.statement, rows } : found.statement
      this.#held[place] = { statement, accounted: true, serial }
    } else if (this.#last.get(told.session) !== told.text) {
      this.#hold({ statement: told, accounted: serial !== '', serial }, told.text.length)
    }
  }

  end(): void {
    for (const held of this.#held.splice(0)) this.#give(held)
  }

  #remember({ session, text }: LoggedStatement): void {
    if (this.#last.size > SESSIONS) this.#last.clear()
    this.#last.set(session, text)
  }

  #hold(held: Held, characters: number): void {
    this.#held.push(held)
    this.#characters += characters
    if (this.#held.length > HELD || this.#characters > HELD_CHARACTERS) {
      // Half at once: shifting one by one would move the others each time.
      for (const each of this.#held.splice(0, Math.ceil(this.#held.length / 2))) this.#give(each)
      this.#characters = this.#held.reduce((sum, each) => sum + textOf(each).length, 0)
    }
  }

  #give(held: Held): void {
    if ('statement' in held) this.sink.statement(held.statement)
    else this.sink.failure(held.failure)
  }
}

function textOf(held: Held): string {
  return 'statement' in held ? held.statement.text : held.failure.text
}

/** A prepared statement's plan comes with the text that prepared it. */
function isSame(one: LoggedStatement, told: LoggedStatement): boolean {
  if (one.session !== told.session) return false
  return one.text === told.text || (/^\s*prepare\b/i.test(told.text) && told.text.endsWith(one.text))
}
