/** A place in a file of the user's; line and column count from 1. */
export interface SourceLocation {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** How a column is compared in the lookup. `exact` is the column's own `=`. */
export type Match = 'exact' | 'lower' | 'upper' | 'like' | 'binary'

export type Idiom = 'select-insert' | 'insert-first' | 'upsert' | 'validator' | 'not-exists' | 'unknown'

export type Isolation = 'read-committed' | 'repeatable-read' | 'serializable'

export type MergePolicy = 'keep' | 'first-non-null' | 'min' | 'max' | 'sum' | 'or' | 'and' | 'concat' | 'latest'

/** One member of a key set, as written: a column's real name (unquoted), or SQL that was written in parentheses. */
export type KeyPart =
  | { readonly kind: 'column'; readonly name: string; readonly location?: SourceLocation }
  | { readonly kind: 'expression'; readonly sql: string; readonly location?: SourceLocation }

/** A table as written; no schema means: along the search path. Names are real names, unquoted. */
export interface TableName {
  readonly schema?: string
  readonly name: string
  readonly location?: SourceLocation
}

/** A reference that no foreign key declares (or the merge policy of one that does). */
export interface DeclaredReference {
  readonly table: TableName
  readonly columns: readonly string[]
  readonly where?: string
  readonly merge: Readonly<Record<string, MergePolicy>>
}

/** How `fix` resolves duplicate groups; `scan` uses it to say which rows are surplus and which groups are divergent. */
export interface Resolution {
  /** oldest | newest | most-complete | most-referenced | an ORDER BY list */
  readonly survivor: string
  readonly merge: Readonly<Record<string, MergePolicy>>
  readonly divergent: 'stop' | 'keep-survivor'
  readonly references: readonly DeclaredReference[]
}

/** Where a key set is known from. `declared` carries no grade; logs and statistics carry A (best) to D. */
export type Evidence =
  | { readonly kind: 'declared'; readonly location?: SourceLocation }
  | {
      readonly kind: 'log' | 'statistics'
      readonly grade: 'A' | 'B' | 'C' | 'D'
      /** Times between lookup and INSERT: bucket n counts those below 2^n milliseconds. */
      readonly window?: readonly number[]
    }

/** What an application looks up before it inserts. */
export interface KeySet {
  readonly table: TableName
  readonly parts: readonly KeyPart[]
  /** The lookup's fixed predicate in the database's own SQL. */
  readonly where?: string
  readonly whereLocation?: SourceLocation
  /** By column name; a column that is not named here is matched exactly. */
  readonly match: Readonly<Record<string, Match>>
  /** By column name: the type that the driver binds, where it differs from the column's. */
  readonly boundAs: Readonly<Record<string, string>>
  readonly boundAsLocations?: Readonly<Record<string, SourceLocation>>
  /** Whether the application looks up NULLs; undefined where nothing says so (then not assumed). */
  readonly nulls?: 'looked-up' | 'never'
  readonly isolation?: Isolation
  readonly idiom: Idiom
  readonly resolution: Resolution
  readonly evidence: readonly Evidence[]
  /** One of several: it was declared without a schema, for every schema that a pattern means. */
  readonly spread?: true
  readonly location?: SourceLocation
}
