import type { Duplicates } from './duplicates.js'
import type { SourceLocation } from './keyset.js'
import type { Facts, ResolvedKeySet, Verdict } from './verdict.js'

export interface DatabaseInfo {
  readonly name: string
  readonly dialect: string
  readonly flavour: string
  readonly version: string
}

/** How uniqueness can be had for a key set on this server, with the SQL in the user's own names. */
export interface Remedy {
  readonly kind: 'plain' | 'nulls-not-distinct' | 'partial' | 'expression' | 'partitioned' | 'side-table' | 'none'
  /** Ready to paste, in order; empty where `kind` is none. */
  readonly sql: readonly string[]
  /** A sentence that goes with it: what to mind, or why there is none. */
  readonly note: string | null
}

/** One key set after every stage: what renderers, rules and `explain` work from. */
export interface AuditedKeySet {
  readonly resolved: ResolvedKeySet
  readonly facts: Facts
  readonly verdict: Verdict
  readonly duplicates: Duplicates
  readonly remedy: Remedy
}

export interface NotAnalysed {
  /** Stable word, as in NotCounted.reason. */
  readonly reason: string
  readonly count: number
  readonly example: string
}

export type Severity = 'error' | 'warning' | 'note'

export interface Finding {
  /** `rule:keyset` */
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly keySet: string
  /** What is wrong and why it matters. */
  readonly message: string
  /** What to do; may hold several lines of SQL. */
  readonly suggestion: string
  readonly location?: SourceLocation
}

/** A finding that an entry under `ignore:` hides. */
export interface IgnoredFinding extends Finding {
  /** Of the first entry that hides it. */
  readonly reason: string
}

/** All that a database shows, before anything is made of it. */
export interface Examination {
  readonly database: DatabaseInfo
  /** False where something was not analysed that should have been. */
  readonly complete: boolean
  readonly keySets: readonly AuditedKeySet[]
  readonly notAnalysed: readonly NotAnalysed[]
  /** Said once for the whole database, not per key set. */
  readonly notes: readonly string[]
  /** Failures that ended the scan early, as sentences. */
  readonly failures: readonly string[]
}

export interface Audit extends Examination {
  /** Its name under `databases:`; absent for any other. */
  readonly alias?: string
  readonly findings: readonly Finding[]
  readonly ignored: readonly IgnoredFinding[]
}
