import type { LoggedFailure, LoggedStatement, StatementSink } from '../../../src/model/statement.js'

const begins = /^\s*(?:begin|start\s+transaction|set\s+autocommit\s*=\s*0)\b/i
const ends = /^\s*(?:commit|end|rollback(?!\s+to)|set\s+autocommit\s*=\s*1)\b/i

/** Follows each session's transactions; `at` tells what is to happen to a transaction. */
abstract class ByTransaction<T> implements StatementSink {
  readonly #open = new Map<string, T>()
  readonly #last = new Map<string, T>()

  constructor(protected readonly sink: StatementSink) {}

  protected abstract begin(): T
  protected abstract end(choice: T): void
  protected abstract give(choice: T, one: LoggedStatement): void
  protected abstract fail(choice: T, one: LoggedFailure): void

  statement(one: LoggedStatement): void {
    const open = this.#open.get(one.session)
    const choice = open ?? this.begin()
    this.give(choice, one)
    this.#last.set(one.session, choice)
    if (ends.test(one.text)) this.#open.delete(one.session)
    else if (begins.test(one.text)) this.#open.set(one.session, choice)
    if (!this.#open.has(one.session)) this.end(choice)
  }

  failure(one: LoggedFailure): void {
    const choice = this.#open.get(one.session) ?? this.#last.get(one.session)
    if (choice !== undefined) this.fail(choice, one)
  }

  totals: StatementSink['totals'] = (one) => this.sink.totals(one)
  unread: StatementSink['unread'] = (reason, example) => this.sink.unread(reason, example)
}

/** What a pooler in transaction mode with four server connections makes of it: each transaction on any that is free. */
export class Scrambled extends ByTransaction<string> {
  readonly #busy = new Set<string>()
  readonly #random = numbersOf(1)

  protected begin(): string {
    const free = ['b1', 'b2', 'b3', 'b4'].filter((each) => !this.#busy.has(each))
    const chosen = free[Math.floor(this.#random() * free.length)] ?? `b${this.#busy.size + 1}`
    this.#busy.add(chosen)
    return chosen
  }

  protected end(session: string): void {
    this.#busy.delete(session)
  }

  protected give(session: string, one: LoggedStatement): void {
    this.sink.statement({ ...one, session })
  }

  protected fail(session: string, one: LoggedFailure): void {
    this.sink.failure({ ...one, session })
  }
}

/** One transaction in a hundred, as with log_transaction_sample_rate = 0.01. */
export class Sampled extends ByTransaction<boolean> {
  readonly #random = numbersOf(2)

  protected begin(): boolean {
    return this.#random() < 0.01
  }

  protected end(): void {}

  protected give(kept: boolean, one: LoggedStatement): void {
    if (kept) this.sink.statement(one)
  }

  protected fail(kept: boolean, one: LoggedFailure): void {
    if (kept) this.sink.failure(one)
  }
}

function numbersOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
