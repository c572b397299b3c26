import type { Protection } from './verdict.js'

/** One scan, as a line of the history has it. No values of rows. */
export interface HistoryRun {
  /** ISO 8601, UTC. */
  readonly time: string
  /** Version of goc-audit. */
  readonly tool: string
  readonly databases: readonly HistoryDatabase[]
}

export interface HistoryDatabase {
  readonly name: string
  readonly complete: boolean
  /** Only some of the configuration's key sets were asked for. */
  readonly partial: boolean
  readonly keySets: readonly HistoryKeySet[]
  /** How many of each rule; ignored ones left out. */
  readonly findings: Readonly<Record<string, number>>
}

export interface HistoryKeySet {
  readonly id: string
  readonly protection: Protection
  /** Null where they were not counted. */
  readonly groups: number | null
  readonly surplusRows: number | null
}

export type Movement = 'growing' | 'shrinking' | 'steady' | 'new'

/** Surplus rows of one key set, or of all, over the scans that counted them. */
export interface Trend {
  readonly sinceLast: Movement
  readonly sinceFirst: Movement
  /** Oldest first, this scan included. */
  readonly points: readonly { readonly time: string; readonly surplusRows: number }[]
}

export interface KeySetTrend extends Trend {
  readonly database: string
  readonly id: string
}

/** What a history shows, this scan included. */
export interface HistoryOutcome {
  /** As shown in messages. */
  readonly file: string
  /** Oldest first; those before this one may be only the last of many, with the very first before them. */
  readonly runs: readonly HistoryRun[]
  readonly total: Trend
  /** Those that were counted this time. */
  readonly keySets: readonly KeySetTrend[]
  /** Anything else to know, as sentences. */
  readonly notes: readonly string[]
}
