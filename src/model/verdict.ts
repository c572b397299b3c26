import type { Index, Table } from './catalog.js'
import type { Isolation, KeySet, Match } from './keyset.js'

export type Protection = 'full' | 'conditional' | 'degraded' | 'none' | 'unknown'
export type Hazard = 'lockout' | 'write-mismatch' | 'stale-retry' | 'deadlock-prone'
export type Answer = 'yes' | 'no' | 'unknown'

/** One thing that the lookup compares for equality, after resolving it against the catalog. */
export interface LookupPart {
  /** As shown to people: the column's name or the expression's SQL. */
  readonly label: string
  /** Null for an expression. */
  readonly column: string | null
  /** Columns that it is computed from (for a plain column: itself). */
  readonly columns: readonly string[]
  readonly match: Match
  /** Its value can be NULL in the table. */
  readonly nullable: boolean
  /** `declared`: a member of the key set. `fixed`: an equality to a constant, or IS NULL, inside `where`. */
  readonly origin: 'declared' | 'fixed'
  /** The lookup asks for NULL: never, or among other values, or always (`b IS NULL` inside `where`). */
  readonly nullLookedUp: 'never' | 'also' | 'always'
}

/** A key set whose names were found in the catalog. */
export interface ResolvedKeySet {
  readonly keySet: KeySet
  /** `schema.table(a,b)[predicate]`, canonically quoted; stable over counts, order and server versions. */
  readonly id: string
  /** The relation as declared. */
  readonly relation: Table
  /** The table that is judged and counted: the relation itself, or a view's base table. */
  readonly table: Table
  readonly parts: readonly LookupPart[]
  /** The lookup's whole fixed predicate over `table`'s columns (a view's own included), in the server's own spelling. */
  readonly predicate: string | null
}

/**
 * How the equality of an index part compares with that of the lookup part it belongs to.
 * `coarser`: the index calls equal what the lookup tells apart. `finer`: the reverse.
 */
export type EqualityRelation = 'same' | 'coarser' | 'finer' | 'incomparable' | 'unknown'

export interface PartFact {
  /** Number of the index part. */
  readonly indexPart: number
  /** Numbers of the lookup parts that determine it; empty when the lookup leaves it open. */
  readonly lookupParts: readonly number[]
  readonly relation: EqualityRelation
  /** Which difference makes the relation what it is: `collation`, `expression`, `bound-type`, `operator-class`, `overlap`, `match`, or null. */
  readonly cause: 'collation' | 'expression' | 'bound-type' | 'operator-class' | 'overlap' | 'match' | null
  readonly detail: string | null
  /** Whether the indexed value can be NULL: never, exactly when a looked-up value is, or for other values too. */
  readonly null: 'never' | 'with-input' | 'possible'
}

export interface IndexFacts {
  readonly index: Index
  readonly parts: readonly PartFact[]
  /** Per case of the lookup: does every row it can mean satisfy the index's predicate? */
  readonly implied: readonly Answer[]
  /** Per case: can the index's predicate hold for any row that the lookup means at all? */
  readonly overlaps: readonly Answer[]
  /** Lookup parts that the index's predicate pins to one value, so that leaving them out of the key loses nothing. */
  readonly pinnedParts: readonly number[]
  /** Conditions of the lookup that rows in the index need not meet: such a row blocks the INSERT, unseen by the SELECT. */
  readonly unguarded: readonly {
    readonly condition: string
    readonly lookupPart: number | null
    readonly certain: boolean
  }[]
  /** Callers that race for a key of it deadlock, where others get a unique violation. */
  readonly deadlockProne?: boolean
}

/** A part of the lookup's meaning, judged on its own: `b IS NULL`, `active`, … `label` is null where there is only one. */
export interface LookupCase {
  readonly label: string | null
  /** Numbers of the lookup parts that are NULL in this case. */
  readonly nullParts: readonly number[]
}

/** Everything that coverage needs to know and can't compute; answered by the dialect, stored as data. */
export interface Facts {
  readonly cases: readonly LookupCase[]
  readonly indexes: readonly IndexFacts[]
  /** Looked-up values that change when stored. */
  readonly writeMismatches: readonly { readonly column: string; readonly detail: string }[]
  /** Why the whole key set can't be judged here (foreign table, materialised view …), or null. */
  readonly unjudgeable: string | null
  /** Isolation of the application's transactions as known: declared, or undefined. */
  readonly isolation?: Isolation
  /** What else is to know of the key set on this server, as sentences: for `explain`. */
  readonly notes?: readonly string[]
  /** How the loser of a race finds the row on this server although its snapshot is older, as sentences. */
  readonly staleRetryAdvice?: string
}

export type Gap =
  | 'extra-columns'
  | 'partial'
  | 'partial-other-rows'
  | 'nullable'
  | 'expression'
  | 'collation'
  | 'operator-class'
  | 'bound-type'
  | 'not-enforced'
  | 'invalid'
  | 'unattached'
  | 'deferrable'
  | 'exclusion'
  | 'overlaps'
  | 'partition-columns'
  | 'partition-local'
  | 'inheritance'
  | 'narrower'
  | 'coarser'
  | 'predicate-lockout'
  | 'not-unique'
  | 'undecided'

/** Why an index isn't the whole answer. Sorted nearest first. */
export interface Reason {
  readonly index: string
  readonly gap: Gap
  readonly detail: string
  /** The protection that this index gives by itself. */
  readonly protection: Protection
}

export interface Verdict {
  readonly protection: Protection
  readonly hazards: readonly Hazard[]
  /** Indexes that give the protection, by name; several when they only cover the lookup together. */
  readonly coveredBy: readonly string[]
  readonly reasons: readonly Reason[]
  /** Which rows are protected, in words, where protection is conditional. */
  readonly condition: string | null
  readonly unknownBecause: string | null
}
