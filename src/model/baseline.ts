import type { Severity } from './audit.js'
import type { Hazard, Protection } from './verdict.js'

/** The accepted findings of one key set. No values of rows. */
export interface BaselineEntry {
  /** As under `databases:`; absent where there is only one. */
  readonly database?: string
  /** The key set's id; of one that is declared for several schemas, the pattern that means them all. */
  readonly id: string
  /** Of the accepted findings; sorted. */
  readonly rules: readonly string[]
  readonly protection: Protection
  readonly hazards: readonly Hazard[]
  /** Null where they were not counted. */
  readonly groups: number | null
  readonly surplusRows: number | null
  readonly divergentGroups: number | null
  /** Surplus rows by schema, those without any left out; only of a key set that is declared for several schemas. */
  readonly schemas?: Readonly<Record<string, number>>
}

/** What a baseline is compared with: one judged key set, after `ignore:`. */
export interface KeySetState {
  readonly id: string
  /** Set for one of a key set that is declared for several schemas. */
  readonly pattern: string | null
  readonly schema: string
  readonly protection: Protection
  readonly hazards: readonly Hazard[]
  /** Null where duplicate rows were not counted. `exact` is false where counting stopped at the first group. */
  readonly counts: {
    readonly groups: number
    readonly surplusRows: number
    readonly divergentGroups: number
    readonly exact: boolean
  } | null
  readonly findings: readonly { readonly rule: string; readonly severity: Severity }[]
  /** `ignore:` hides some of its findings. */
  readonly ignored: boolean
}

export interface DatabaseState {
  /** As under `databases:`; null where there is only one. */
  readonly name: string | null
  /** False: what is not among the key sets was perhaps only not looked at. */
  readonly complete: boolean
  readonly keySets: readonly KeySetState[]
}

export type BaselineStatus = 'new' | 'known' | 'worse'

/** How one finding stands to the baseline. */
export interface Standing {
  readonly status: BaselineStatus
  /** Of `worse`: in what, as a clause: `from 3 to 5 surplus rows`. */
  readonly change: string | null
}

/** An entry that asks for more than is needed now. */
export interface Settled {
  readonly database: string | null
  readonly id: string
  /** `fixed`: nothing is found any more; `undeclared`: the configuration has no such key set; `improved`: less is wrong. */
  readonly how: 'fixed' | 'undeclared' | 'improved'
  readonly surplusRows: { readonly from: number; readonly to: number } | null
  readonly protection: { readonly from: Protection; readonly to: Protection } | null
}

/** How a run stood to the baseline, and what was done to the file. */
export interface BaselineOutcome {
  /** As shown in messages. */
  readonly file: string
  readonly mode: 'check' | 'update' | 'prune'
  /** False where there was no file: then every finding is new. */
  readonly existed: boolean
  /** True where the file was written and is another one than before. */
  readonly changed: boolean
  /** Key sets in the file, as it is now. */
  readonly entries: number
  readonly settled: readonly Settled[]
  /** Anything else to know, as sentences. */
  readonly notes: readonly string[]
}
