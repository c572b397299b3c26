import type { Idiom, Isolation, Match } from './keyset.js'

/** A histogram of times with a factor of two from bucket to bucket: bucket n counts times below 2^n milliseconds. */
export type Histogram = readonly number[]

export type Grade = 'A' | 'B' | 'C' | 'D'

/** Two clients that looked the same key up before either had inserted it, and then both did, or tried to. */
export interface Race {
  /** ISO 8601, UTC; null where the log has no time. */
  readonly at: string | null
  readonly sessions: readonly string[]
  /** Column → value: masked unless values are asked for. */
  readonly key: Readonly<Record<string, string | null>>
  readonly outcome: 'two-rows' | 'violation'
}

/** A key set found in logs or statistics. Plain data; `discover --json` shows it as it is. */
export interface DiscoveredKeySet {
  /** As in ids: `schema.table(a,b)[predicate]`; the schema only where the statements name it, or the database told. */
  readonly id: string
  readonly schema: string | null
  readonly table: string
  readonly columns: readonly string[]
  readonly predicate: string | null
  readonly match: Readonly<Record<string, Match>>
  /** By column: the type that a parameter was cast to. */
  readonly boundAs: Readonly<Record<string, string>>
  readonly nulls: 'looked-up' | 'never' | null
  readonly isolation: Isolation | null
  readonly idiom: Idiom
  readonly evidence: {
    readonly kind: 'log' | 'statistics'
    readonly grade: Grade
    /** Sentences: what makes it sure, and what not. */
    readonly because: readonly string[]
    readonly lookups: number
    readonly inserts: number
    readonly pairs: number
    readonly races: number
    readonly violations: number
    /** Between lookup and insert, of pairs; null where no pair has times. */
    readonly windowMs: { readonly p50: number; readonly p95: number; readonly max: number } | null
    /** Where in the application, from comments; sorted. */
    readonly endpoints: readonly string[]
    /** Number of different statements. */
    readonly shapes: number
    /** Constraints whose violation was seen. */
    readonly constraints: readonly string[]
    readonly raceExamples: readonly Race[]
  }
}

/** What a lookup before an INSERT turned out not to be, so that nobody wonders: by reason, with an example. */
export interface NotAKeySet {
  readonly reason: string
  readonly count: number
  readonly example: string
}

export interface Discovery {
  readonly statements: {
    readonly read: number
    readonly analysed: number
    readonly notAnalysed: readonly NotAKeySet[]
  }
  readonly keySets: readonly DiscoveredKeySet[]
  /** Candidates that were dropped: collection loads, cache-aside reads … */
  readonly dropped: readonly NotAKeySet[]
  /** What this kind of input can't show, and why nothing was found; sentences. */
  readonly notes: readonly string[]
}
