/** What a plan would do to the rows as they are now. */
export interface Rehearsal {
  /** By table of the plan. */
  readonly tables: readonly RehearsedTable[]
  /** By reference of the plan: rows of the child that would be repointed and stay. */
  readonly repointed: readonly number[]
  readonly undecided: readonly UndecidedGroups[]
  /** Rows that can't be decided for another reason, as sentences; the plan must not run while there are any. */
  readonly problems: readonly { readonly keySet: string | null; readonly text: string }[]
}

export interface RehearsedTable {
  readonly rows: number
  readonly surplusRows: number
  readonly groups: number
  readonly largestGroup: number
  /** Rows that stay with another value somewhere. */
  readonly changedRows: number
  /** By key of the table: the surplus rows that it found. */
  readonly byKey: readonly number[]
  readonly samples: readonly SampleGroup[]
}

/** Rows of one duplicate group, the survivor first; some of them where they are many. */
export interface SampleGroup {
  readonly rows: number
  readonly shown: readonly SampleRow[]
}

/** By column, as the database prints it; null for NULL. */
export type SampleRow = Readonly<Record<string, string | null>>

/** Groups of a table that differ in the same columns. */
export interface UndecidedGroups {
  readonly schema: string
  readonly table: string
  /** The key set that has to wait for a decision. */
  readonly keySet: string | null
  readonly columns: readonly string[]
  readonly groups: number
  readonly rows: number
  readonly samples: readonly SampleGroup[]
}
