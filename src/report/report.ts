import type { DatabaseInfo, Finding, IgnoredFinding, NotAnalysed, Severity } from '../model/audit.js'
import type { BaselineOutcome } from '../model/baseline.js'
import type { DuplicateCounts, NotCounted } from '../model/duplicates.js'
import type { HistoryOutcome } from '../model/history.js'
import type { Evidence, Idiom, Match } from '../model/keyset.js'
import type { Gap, Hazard, Protection } from '../model/verdict.js'

export interface Tool {
  readonly name: string
  readonly version: string
}

/** Sums over key sets; duplicate groups and surplus rows where they were counted, NULL keys as each key set says. */
export interface Summary {
  readonly keySets: number
  readonly full: number
  readonly conditional: number
  readonly degraded: number
  readonly none: number
  readonly unknown: number
  readonly duplicateGroups: number
  readonly surplusRows: number
}

export type ReportedDuplicates = DuplicateCounts | Omit<NotCounted, 'incomplete'>

/** A key set as every renderer shows it. Names and values are real, not yet made safe for a terminal. */
export interface ReportedKeySet {
  readonly id: string
  /** Means all the key sets that were declared as one for several schemas: `*.cart(session_id)`. */
  readonly pattern?: string
  /** As declared. */
  readonly schema: string
  readonly table: string
  /** The table behind a view; null where the declared relation itself was audited. */
  readonly baseTable: { readonly schema: string; readonly table: string } | null
  readonly columns: readonly string[]
  readonly predicate: string | null
  readonly match: Readonly<Record<string, Match>>
  readonly idiom: Idiom
  readonly evidence: readonly Evidence[]
  readonly protection: Protection
  /** Which rows are protected, where protection is conditional. */
  readonly condition: string | null
  readonly unknownBecause: string | null
  readonly hazards: readonly Hazard[]
  readonly coveredBy: readonly string[]
  readonly reasons: readonly { readonly index: string; readonly gap: Gap; readonly detail: string }[]
  /** Null where there is nothing to count. */
  readonly duplicates: ReportedDuplicates | null
  /** Lookups by the time until their INSERT, as logs show it: bucket n counts those below 2^n milliseconds. */
  readonly raceWindow?: readonly number[]
}

/** A finding, and how it stands to the baseline where there is one. */
export interface ReportedFinding extends Finding {
  readonly status?: 'new' | 'known' | 'worse'
  /** Of `worse`: in what, as a clause: `from 3 to 5 surplus rows`. */
  readonly change?: string
}

/** One scan of the past, over all databases. */
export interface HistoryPoint {
  /** ISO 8601. */
  readonly at: string
  readonly findings: number
  readonly surplusRows: number
  /** By key set id; only those whose duplicate rows were counted. */
  readonly keySets: Readonly<Record<string, { readonly surplusRows: number; readonly groups: number }>>
}

export interface DatabaseReport {
  readonly database: DatabaseInfo
  readonly complete: boolean
  readonly keySets: readonly ReportedKeySet[]
  readonly findings: readonly ReportedFinding[]
  readonly ignored: readonly Omit<IgnoredFinding, 'suggestion'>[]
  readonly notAnalysed: readonly NotAnalysed[]
  readonly notes: readonly string[]
  readonly failures: readonly string[]
  readonly summary: Summary
}

export interface Report {
  readonly tool: Tool
  /** True with `databases:` in the configuration, even if only one was scanned. */
  readonly several: boolean
  /** Sample values are as stored; false: masked. */
  readonly showsValues: boolean
  readonly complete: boolean
  readonly databases: readonly DatabaseReport[]
  readonly summary: Summary
  /** Oldest first, this scan included; absent where no history is kept. */
  readonly history?: readonly HistoryPoint[]
  /** What the history shows of each key set. */
  readonly trends?: Omit<HistoryOutcome, 'runs'>
  /** How the scan stands to the baseline; absent without one. */
  readonly baseline?: BaselineOutcome
}

/** The word for people; the finer distinctions are for `explain`. */
export function verdictWord(protection: Protection): 'safe' | 'conditional' | 'unsafe' | 'unknown' {
  if (protection === 'full') return 'safe'
  if (protection === 'none') return 'unsafe'
  return protection === 'unknown' ? 'unknown' : 'conditional'
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

/** Whether a finding is at or above a threshold, as `--fail-on` has it. */
export function atOrAbove(severity: Severity, threshold: Severity | 'never'): boolean {
  return threshold !== 'never' && RANK[severity] <= RANK[threshold]
}
