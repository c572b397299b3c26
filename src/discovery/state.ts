import type { Match } from '../model/keyset.js'
import type { MemberKind, Race } from '../model/profile.js'
import type { SqlInsert, SqlTable } from '../model/sql.js'
import { Bound, Recent } from './bounded.js'

/** Counters of the profile, while they are counted: the same names. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface Member {
  readonly column: string
  readonly match: Match
  readonly kind: MemberKind
  readonly digests: Set<number>
  nulls: number
  bound: number
  literalsBesideBound: number
  /** The value as long as it didn't vary. */
  only: string | null
  varied: boolean
  readonly casts: Set<string>
}

export interface Totals {
  calls: number
  callsWithRows: number
  rows: number
  errors: number
}
export const noTotals = (): Totals => ({ calls: 0, callsWithRows: 0, rows: 0, errors: 0 })

/** When a key was inserted, as far as this run of the log shows. */
export interface Known {
  readonly session: string
  readonly seq: number
  /** Others can see it: since when. */
  visible: boolean
  visibleAt: number
  visibleSeq: number
  /** Changes of the table before it. */
  readonly changes: number
  /** It was looked up before it was inserted: by a pair. */
  readonly paired: boolean
}

/** One execution of a lookup that may yet be followed by an INSERT. */
export interface Looked {
  readonly by: LookupState
  readonly hash: number
  readonly session: string
  readonly application: string
  readonly at: number
  readonly seq: number
  readonly nth: number
  readonly transaction: string
  readonly rows: number
  readonly endpoint: string
  /** The key had been inserted before; 'stale': and the table was changed since. */
  readonly known: false | true | 'stale'
  /** After a failed INSERT of the same key. */
  readonly retry: boolean
  used: boolean
  /** Of the same key, by any session, not used when this one came. */
  earlier: Looked | undefined
}

/** What is remembered of keys, of all lookups and sessions together. */
export class Memory {
  readonly known = new Bound(49_152)
  readonly looked = new Bound(32_768)
}

export class LookupState {
  lookups = 0
  withoutValues = 0
  rowsKnown = 0
  zeroRows = 0
  severalRows = 0
  severalWanted = 0
  rows = 0
  hits = 0
  staleHits = 0
  locks = false
  readonly totals = noTotals()
  readonly shapes = new Set<number>()
  readonly known: Recent<number, Known>
  readonly looked: Recent<number, Looked>
  /** Kinds of INSERT whose columns hold the members. */
  candidates = 0

  constructor(
    readonly key: string,
    readonly table: TableState,
    readonly members: readonly Member[],
    readonly conditions: readonly string[],
    readonly asks: 'rows' | 'exists' | 'count',
    readonly limited: boolean,
    readonly joins: boolean,
    readonly grouped: boolean,
    memory: Memory,
  ) {
    this.known = new Recent(memory.known)
    this.looked = new Recent(memory.looked)
  }
}

export class PairState {
  pairs = 0
  near = 0
  sameTransaction = 0
  zeroRows = 0
  someRows = 0
  telling = 0
  cross = 0
  unpaired = 0
  anyway = 0
  repeats = 0
  anywayChanged = 0
  repeatsChanged = 0
  replaced = 0
  retried = 0
  repeatThenLookup = 0
  readBack = 0
  races = 0
  violations = 0
  readonly constraints = new Set<string>()
  readonly windows: number[] = []
  longest: number | null = null
  readonly isolation: Record<string, number> = {}
  readonly endpoints = new Set<string>()
  raceExamples: { race: Mutable<Race>; at: number }[] = []

  /** `columns` holds per member of the lookup the place among the INSERT's columns; -1: it leaves the column out. */
  constructor(
    readonly lookup: LookupState,
    readonly insert: InsertState,
    readonly columns: readonly number[],
  ) {}
}

export class InsertState {
  inserts = 0
  withoutValues = 0
  readonly violations: Record<string, number> = {}
  readonly violatedColumns: Record<string, readonly string[]> = {}
  readonly otherFailures: Record<string, number> = {}
  readonly totals = noTotals()
  readonly endpoints = new Set<string>()
  readonly shapes = new Set<number>()
  readonly pairs: PairState[] = []
  readonly #seen = new Set<LookupState>()

  constructor(
    readonly key: string,
    readonly table: TableState,
    readonly columns: readonly string[] | null,
    readonly conflict: SqlInsert['conflict'],
    readonly idiom: SqlInsert['idiom'],
    readonly unless: string | null,
  ) {}

  /** Pairs with the lookups of the table, new ones too. */
  candidates(): readonly PairState[] {
    if (this.#seen.size < this.table.lookups.length)
      for (const lookup of this.table.lookups)
        if (!this.#seen.has(lookup)) {
          this.#seen.add(lookup)
          const columns = this.columns && places(lookup, this.columns)
          if (columns) {
            lookup.candidates++
            this.pairs.push(new PairState(lookup, this, columns))
          }
        }
    return this.pairs
  }
}

/** Null where a member's column isn't inserted, or there is none to compare. */
function places(lookup: LookupState, columns: readonly string[]): number[] | null {
  if (lookup.conditions.some((condition) => !/ IS NOT NULL$/i.test(condition))) return null
  if (!lookup.members.some(({ kind }) => kind === 'value')) return null
  const lower = columns.map((column) => column.toLowerCase())
  const found = lookup.members.map(({ column }) => {
    const exact = columns.indexOf(column)
    return exact >= 0 ? exact : lower.indexOf(column.toLowerCase())
  })
  return lookup.members.every(({ kind }, at) => kind !== 'value' || (found[at] ?? -1) >= 0) ? found : null
}

/** As many different lookups of a table are paired. */
const LOOKUPS_OF_A_TABLE = 300

export class TableState {
  readonly lookups: LookupState[] = []
  inserts = 0
  /** Executions of UPDATE and DELETE. */
  changes = 0

  constructor(
    readonly id: number,
    readonly name: SqlTable,
  ) {}

  pairing(lookup: LookupState): void {
    if (this.lookups.length < LOOKUPS_OF_A_TABLE) this.lookups.push(lookup)
  }
}
