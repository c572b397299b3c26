/** One duplicate group as shown to people. Values are as the database prints them; renderers mask them. */
export interface DuplicateSample {
  /** Key part → value as text, null for NULL. */
  readonly key: Readonly<Record<string, string | null>>
  readonly rows: number
  /** Columns in which the rows of the group differ. */
  readonly differingColumns: readonly string[]
}

export interface DuplicateCounts {
  readonly counted: true
  /** False after `--exists`: counting stopped at the first group. */
  readonly exact: boolean
  /** How NULL keys were treated: `excluded`, or `grouped` together. */
  readonly nulls: 'excluded' | 'grouped'
  /** By lookup semantics: what makes `get()` see several rows. */
  readonly groups: number
  readonly surplusRows: number
  readonly largestGroup: number
  readonly identicalGroups: number
  readonly divergentGroups: number
  /** By constraint semantics: what would make the unique index that `fix` builds fail. */
  readonly constraintGroups: number
  readonly constraintSurplusRows: number
  /** Rows elsewhere that reference a surplus row; null where that was not counted (see `notes`). */
  readonly referencesToSurplus: number | null
  /** The same by table and column list, as SQL writes them; those without any left out, most rows first. */
  readonly references?: readonly { readonly from: string; readonly rows: number }[]
  /** ISO 8601, from the creation stamp; null without one. */
  readonly firstSeen: string | null
  readonly lastSeen: string | null
  /** Groups in which two rows were created within a second; null without a creation stamp. */
  readonly bornWithinSecond: number | null
  readonly samples: readonly DuplicateSample[]
  /** Anything that a reader of the numbers must know. */
  readonly notes: readonly string[]
}

export interface NotCounted {
  readonly counted: false
  /** Stable word: `over-budget`, `no-privilege`, `row-security`, `no-equality`, `timeout`, `vanished`, `cancelled`, `lost-connection`, `not-judgeable`. */
  readonly reason: string
  readonly detail: string
  /** True where the scan is incomplete because of it (exit 2). */
  readonly incomplete: boolean
}

export type Duplicates = DuplicateCounts | NotCounted
