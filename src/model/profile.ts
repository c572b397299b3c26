import type { Idiom, Isolation, Match } from './keyset.js'
import type { SqlInsert } from './sql.js'

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
    readonly windowMs: {
      readonly p50: number
      readonly p95: number
      readonly max: number
      /** Bucket n counts pairs of less than 2^n milliseconds. */
      readonly buckets: Histogram
    } | null
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

/** How a member of a lookup is compared: with a value, or with what stands in the statement itself. */
export type MemberKind = 'value' | 'null' | 'true' | 'false' | 'list'

/** What was seen of a member's values, without telling any. */
export interface ProfileMember {
  readonly column: string
  readonly match: Match
  readonly kind: MemberKind
  /** The three smallest of 20-bit digests of the values: enough to tell a constant, too little to find a value again. */
  readonly digests: readonly number[]
  /** Lookups whose value was NULL, was bound as a parameter, or stood as a literal beside bound parameters. */
  readonly nulls: number
  readonly bound: number
  readonly literalsBesideBound: number
  /** A word such as `nurse` that never varied over many lookups whose other values did; else null. */
  readonly constant: string | null
  /** Types that the value was cast to; sorted. */
  readonly casts: readonly string[]
}

/** Sums of statistics: of a statement whose executions were not seen one by one. */
export interface ProfileTotals {
  readonly calls: number
  /** Of the calls whose rows are known. */
  readonly callsWithRows: number
  readonly rows: number
  readonly errors: number
}

/** All lookups of one table by the same members. Counts are of executions seen in logs, `totals` of statistics. */
export interface ProfileLookup {
  /** What makes two of them the same when profiles are merged. */
  readonly key: string
  readonly schema: string | null
  readonly table: string
  readonly members: readonly ProfileMember[]
  /** Canonical SQL of what is no member; holds no value. */
  readonly conditions: readonly string[]
  readonly asks: 'rows' | 'exists' | 'count'
  /** A limit is written, or only existence is asked for. */
  readonly limited: boolean
  /** Executions whose limit is known to be neither 1, 2 nor Django's 21. */
  readonly severalWanted: number
  readonly joins: boolean
  readonly grouped: boolean
  readonly locks: boolean
  readonly lookups: number
  /** Lookups whose values the log doesn't tell. */
  readonly withoutValues: number
  /** Executions whose number of rows is known, that found nothing, that found several, and all their rows. */
  readonly rowsKnown: number
  readonly zeroRows: number
  readonly severalRows: number
  readonly rows: number
  /** Lookups of a key that had been inserted before in the same log; and where the table was changed in between. */
  readonly hits: number
  readonly staleHits: number
  readonly totals: ProfileTotals
  /** The smallest hashes of different statements; at most 16. */
  readonly shapes: readonly number[]
}

export interface ProfileInsert {
  readonly key: string
  readonly schema: string | null
  readonly table: string
  /** Null where the statement names none. */
  readonly columns: readonly string[] | null
  readonly conflict: SqlInsert['conflict']
  readonly idiom: SqlInsert['idiom']
  /** Key of the lookup inside the statement: `WHERE NOT EXISTS (lookup)`, MERGE. */
  readonly unless: string | null
  readonly inserts: number
  readonly withoutValues: number
  /** By constraint ('' where the message names none). */
  readonly violations: Readonly<Record<string, number>>
  readonly violatedColumns: Readonly<Record<string, readonly string[]>>
  readonly otherFailures: Readonly<Record<string, number>>
  readonly totals: ProfileTotals
  readonly endpoints: readonly string[]
  readonly shapes: readonly number[]
}

/** What was seen of one lookup and one INSERT whose columns hold the lookup's members. */
export interface ProfilePair {
  readonly key: string
  readonly lookup: string
  readonly insert: string
  /** Rows inserted after a lookup of the same values in the same session. */
  readonly pairs: number
  /** Of these: a few statements apart or in the same transaction; in the same transaction. */
  readonly near: number
  readonly sameTransaction: number
  /** Of these: the lookup is known to have found nothing, or rows. */
  readonly zeroRows: number
  readonly someRows: number
  /** Of these: with a value that hardly agrees by accident. */
  readonly telling: number
  /** Rows inserted after a lookup of the same values in another session. */
  readonly cross: number
  /** Rows inserted with no lookup of the same values before. */
  readonly unpaired: number
  /** Rows whose key had been inserted before: after a lookup that must have found it, and without one. */
  readonly anyway: number
  readonly repeats: number
  /** The same where the table was updated or deleted from in between. */
  readonly anywayChanged: number
  readonly repeatsChanged: number
  /** Rows whose key the same session had just deleted. */
  readonly replaced: number
  /** Lookups after an INSERT of the same key in the session: that failed or was rolled back; of a key inserted before; of a new one. */
  readonly retried: number
  readonly repeatThenLookup: number
  readonly readBack: number
  readonly races: number
  readonly violations: number
  readonly constraints: readonly string[]
  readonly windows: Histogram
  /** Milliseconds; null where no pair has times. */
  readonly longest: number | null
  readonly isolation: Readonly<Record<string, number>>
  readonly endpoints: readonly string[]
  /** The three smallest, in the order of time, sessions, and key. */
  readonly raceExamples: readonly Race[]
}

/**
 * What was counted in logs and statistics, to be merged with what was counted elsewhere. Holds no value of the log
 * unless values were asked for. Lists are sorted by key and bounded: of more than 20,000 the ones with the smallest
 * hashes of their keys stay, so that merging is associative and commutative.
 */
export interface Profile {
  readonly schemaVersion: 1
  readonly statements: number
  /** Statements of which nothing could be understood, or that were cut off: by reason. */
  readonly notAnalysed: readonly NotAKeySet[]
  /** Sums read from statistics. */
  readonly sums: number
  readonly lookups: readonly ProfileLookup[]
  readonly inserts: readonly ProfileInsert[]
  readonly pairs: readonly ProfilePair[]
  /** Failures by kind. */
  readonly failures: Readonly<Record<string, number>>
  /** What the statements came from: words of `--log-format`; sorted. */
  readonly sources: readonly string[]
  /** Statements that came with a session, a time, a number of rows. */
  readonly withSession: number
  readonly withTime: number
  readonly withRows: number
}
