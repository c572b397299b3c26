import type { Isolation } from '../model/keyset.js'
import type { Race } from '../model/profile.js'
import type { InsertState, Known, Looked, Mutable, PairState, TableState } from './state.js'

/** What an inserted row changed in the counts, so that it can be taken back when the INSERT turns out to have failed. */
export interface Counted {
  readonly pair: PairState
  readonly hash: number
  readonly as: 'first' | 'anyway' | 'repeats' | 'anywayChanged' | 'repeatsChanged' | 'race'
  readonly paired: boolean
  readonly before: Known | undefined
  readonly known: Known
  readonly race: Mutable<Race> | null
}

/** An INSERT of which it isn't known yet how it ended. */
export interface Inserted {
  readonly state: InsertState
  /** Hash of its text. */
  readonly text: number
  readonly nth: number
  readonly counted: readonly Counted[]
  ended: 'unknown' | 'failed' | 'rolled-back'
}

interface Deleted {
  readonly nth: number
  readonly columns: readonly string[]
  readonly values: readonly (string | null)[]
}

/** Lookups of one table in one session that are remembered, and how many tables. */
const LOOKUPS = 32
const TABLES = 48
/** Statements of the session, and milliseconds, after which a lookup is forgotten. */
export const WINDOW = { statements: 2_000, time: 15 * 60_000 }

/** One connection. */
export class Session {
  nth = 0
  transaction = 0
  inTransaction = false
  /** COMMIT came without BEGIN: each statement begins a transaction. */
  implicit = false
  isolation: Isolation | null = null
  #lookups = new Map<TableState, Looked[]>()
  readonly inserts: Inserted[] = []
  readonly deletes = new Map<TableState, Deleted>()
  /** Inserted, not committed; with the places where savepoints were set. */
  pending: Inserted[] = []
  savepoints: number[] = []

  constructor(readonly name: string) {}

  remember(looked: Looked): void {
    const { table } = looked.by
    const list = this.#lookups.get(table)
    if (list) {
      list.push(looked)
      if (list.length > LOOKUPS) list.shift()
      return
    }
    if (this.#lookups.size >= TABLES) this.#forgetTable()
    this.#lookups.set(table, [looked])
  }

  /** The one that was looked up in longest ago. */
  #forgetTable(): void {
    let oldest: TableState | undefined
    let since = Number.POSITIVE_INFINITY
    for (const [table, list] of this.#lookups) {
      const nth = list.at(-1)?.nth ?? 0
      if (nth >= since) continue
      since = nth
      oldest = table
    }
    if (oldest) this.#lookups.delete(oldest)
  }

  /** The newest lookup of these values that isn't too long ago. */
  looked(pair: PairState, hash: number, at: number): Looked | undefined {
    const list = this.#lookups.get(pair.lookup.table) ?? []
    for (let index = list.length - 1; index >= 0; index--) {
      const looked = list[index] as Looked
      if (looked.by !== pair.lookup || looked.hash !== hash || looked.retry) continue
      const old = this.nth - looked.nth > WINDOW.statements || at - looked.at > WINDOW.time
      return old ? undefined : looked
    }
    return undefined
  }

  inserted(one: Inserted): void {
    this.inserts.push(one)
    if (this.inserts.length > 16) this.inserts.shift()
    this.pending.push(one)
    if (this.pending.length > 2_000) this.pending.shift()
  }

  begin(): void {
    this.transaction++
    this.inTransaction = true
    this.savepoints = []
  }

  /** What is now decided: all that was pending. */
  end(): Inserted[] {
    if (!this.inTransaction) this.implicit = true
    const ended = this.pending
    this.pending = []
    this.transaction++
    this.inTransaction = false
    this.savepoints = []
    return ended
  }
}
