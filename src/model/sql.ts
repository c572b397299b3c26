import type { Match } from './keyset.js'

/** A table as a statement names it, in the server's folding of unquoted names. */
export interface SqlTable {
  readonly schema: string | null
  readonly name: string
}

/** Where a value comes from. */
export type SqlValue =
  /** Number of a literal of the statement, in the order of the text, from 0. */
  | { readonly kind: 'literal'; readonly at: number; readonly type: 'text' | 'number' }
  /** Number of a bound parameter, from 1. */
  | { readonly kind: 'parameter'; readonly at: number }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** DEFAULT, an expression, a subquery: a value that the text doesn't tell. */
  | { readonly kind: 'other' }

/** `column = value` of a lookup, `column IS NULL`, or an expression compared. */
export interface SqlMember {
  /** The column compared. */
  readonly column: string
  readonly match: Match
  /** Null for IS NULL. */
  readonly value: SqlValue
  /** Cast that the value was written with: `$1::text`; else null. */
  readonly cast: string | null
  /** True: the value is an array, `= ANY($1)`: an equality only where it holds one element. */
  readonly list?: boolean
}

/** A fixed condition of a lookup: what can't be a member of the key. `sql` is canonical: `deleted_at IS NULL`, `kind = 'x'`. */
export interface SqlCondition {
  readonly column: string | null
  readonly kind: 'is-null' | 'is-not-null' | 'boolean' | 'equals-constant' | 'other'
  readonly sql: string
}

export interface SqlLookup {
  readonly kind: 'lookup'
  readonly table: SqlTable
  /** Equalities, IS NULL and booleans included, joined by AND. */
  readonly members: readonly SqlMember[]
  /** Conditions that are neither (`a > 1`, `x <> y`, OR, IN with several …). */
  readonly conditions: readonly SqlCondition[]
  /** What it wants to know: rows, or whether there are any. */
  readonly asks: 'rows' | 'exists' | 'count'
  /** Rows at most: a number where the words alone say so, else the literal or parameter that does. Null: no limit. */
  readonly limit: number | SqlValue | null
  /** FOR UPDATE, FOR SHARE. */
  readonly locks: boolean
  /** Other tables are joined: members and conditions are those of `table` only. */
  readonly joins: boolean
  readonly ordered: boolean
  readonly grouped: boolean
}

export interface SqlInsert {
  readonly kind: 'insert'
  readonly table: SqlTable
  /** Null where the statement names no columns. */
  readonly columns: readonly string[] | null
  /** Per row, in the order of the columns. Empty for INSERT … SELECT whose select list holds no values. */
  readonly rows: readonly (readonly SqlValue[])[]
  /** What happens at a conflict; null: the statement fails. */
  readonly conflict: {
    readonly action: 'nothing' | 'update' | 'replace'
    /** Columns or expressions of the conflict target, null where any will do. */
    readonly columns: readonly string[] | null
    readonly constraint: string | null
    readonly where: string | null
  } | null
  /** `INSERT … SELECT … WHERE NOT EXISTS (lookup)`, `MERGE … WHEN NOT MATCHED`. */
  readonly unless: SqlLookup | null
  readonly idiom: 'plain' | 'not-exists' | 'merge' | 'catches-violation'
}

export type SqlStatement =
  | SqlLookup
  | SqlInsert
  | { readonly kind: 'update' | 'delete'; readonly table: SqlTable; readonly members: readonly SqlMember[] }
  | {
      readonly kind: 'transaction'
      readonly verb: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to' | 'isolation'
      /** Of a `SET TRANSACTION ISOLATION LEVEL` or `BEGIN ISOLATION LEVEL`. */
      readonly isolation: 'read-committed' | 'repeatable-read' | 'serializable' | null
    }
  /** `USE name` and what else changes nothing for us. */
  | { readonly kind: 'other' }
  /** Could not be understood: why, in kebab-case. */
  | { readonly kind: 'unparsed'; readonly reason: string }

/** All statements of one text whose literals were taken out: parsed once, used for every text of the same shape. */
export interface Shape {
  /** Small and unique in a run, for maps. */
  readonly id: number
  /** With `?` for every literal; readable text (not latin1). Holds no value. */
  readonly text: string
  /** As in the first text of the shape; see `ShapedText.statements`. */
  readonly statements: readonly SqlStatement[]
  /** The endpoint or application that the first text's comment names; or ''. */
  readonly comment: string
}

/** A text taken apart. */
export interface ShapedText {
  readonly shape: Shape
  /**
   * The shape's statements as this very text has them. They differ from the shape's own only where a list of any length
   * is one shape: all rows of a multi-row VALUES (the shape has the first text's), and the numbers of literals and
   * parameters after it.
   */
  readonly statements: readonly SqlStatement[]
  /** The literals' values, unescaped, one character per byte; those of an IN list with several aren't among them. */
  literals(): readonly string[]
  /** The endpoint or application that this very text's comment names; or ''. */
  readonly endpoint: string
}
