import type { DatabaseInfo } from '../model/audit.js'
import type { RefusedKeySet } from '../model/fix.js'
import type { SourceLocation } from '../model/keyset.js'
import type { Plan, PlanKey, PlanMerge, PlanUniqueness } from '../model/plan.js'
import type { FixWording, SuspectedReference } from '../model/plan-facts.js'
import type { SampleGroup } from '../model/rehearsal.js'
import type { EmittedFile, Script } from '../model/script.js'
import type { Advice } from './fix-advice.js'
import type { Tool } from './report.js'

/** A plan as every renderer shows it: masked once, so that no renderer can leak a value. */
export interface FixReport {
  readonly tool: Tool
  readonly database: DatabaseInfo
  /** Sample values are as stored; false: masked. */
  readonly showsValues: boolean
  /** By id. */
  readonly keySets: readonly { readonly id: string; readonly outcome: Outcome }[]
  /** Null where no key set is left to fix. */
  readonly plan: Pick<Plan, 'name' | 'hash' | 'archive'> | null
  /** Those of the plan, parents before children, then those in which nothing but undecided groups was found. */
  readonly tables: readonly ReportedTable[]
  readonly script: Script | null
  readonly undecided: readonly ReportedUndecided[]
  readonly refused: readonly RefusedKeySet[]
  readonly suspected: readonly SuspectedReference[]
  readonly warnings: readonly string[]
  /** Seconds for which writers, and perhaps readers, would wait, and for which they may. */
  readonly stall: { readonly seconds: number; readonly limit: number; readonly readersWait: boolean }
  readonly wording: FixWording
  /** Null: nothing was asked to be written, or there was nothing to write. */
  readonly emitted: Emitted | null
}

export type Outcome = 'fixed' | 'protected' | 'undecided' | 'refused'

/** One table and what the plan does to its rows as they are now. */
export interface ReportedTable {
  readonly schema: string
  readonly table: string
  /** Null where it isn't in the plan. */
  readonly changes: TableChanges | null
  /** Rows of undecided groups, which stay as they are. */
  readonly stoppedRows: number
}

export interface TableChanges {
  readonly rows: number
  readonly removedRows: number
  /** Rows that stay with another value somewhere. */
  readonly changedRows: number
  readonly groups: number
  readonly largestGroup: number
  /** Empty where the table can lose no rows. */
  readonly keys: readonly (Pick<PlanKey, 'kind' | 'label' | 'survivor' | 'divergent'> & { readonly rows: number })[]
  readonly merge: readonly PlanMerge[]
  /** References that its rows hold. */
  readonly repoints: readonly Repoint[]
  readonly uniqueness: readonly PlanUniqueness[]
  readonly samples: readonly ReportedSample[]
}

export interface Repoint {
  readonly columns: readonly string[]
  readonly to: { readonly schema: string; readonly table: string; readonly columns: readonly string[] }
  /** Null for a declared reference. */
  readonly foreignKey: string | null
  readonly rows: number
}

export interface ReportedSample extends SampleGroup {
  /** In the order of the table. */
  readonly columns: readonly string[]
  /** Columns in which the rows shown differ, told from their unmasked values. */
  readonly differingColumns: readonly string[]
  /** Columns by which they belong together, as far as they are known. */
  readonly keyColumns: readonly string[]
  /** By differing column: how the survivor's value is made. */
  readonly results: Readonly<Record<string, string>>
}

export interface ReportedUndecided {
  readonly keySet: string
  readonly location: SourceLocation | null
  readonly groups: readonly ReportedUndecidedGroups[]
  /** Whatever else can't be decided, as sentences. */
  readonly problems: readonly string[]
  /** What to write into the configuration, for instance. */
  readonly advice: readonly Advice[]
}

export interface ReportedUndecidedGroups {
  readonly schema: string
  readonly table: string
  /** In which the rows of the groups differ. */
  readonly columns: readonly string[]
  readonly groups: number
  readonly rows: number
  readonly samples: readonly ReportedSample[]
}

export interface Emitted {
  readonly format: string
  /** Relative to the working directory, in the order in which they are run. */
  readonly files: readonly (Pick<EmittedFile, 'path' | 'kind'> & { readonly order: number })[]
  /** What is left for a person to do; lines that start with two blanks are code. */
  readonly notes: readonly string[]
}
