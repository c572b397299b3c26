import type { MergePolicy } from '../../src/model/keyset.js'

/** A database and its key sets as data: what examples of fixes are made of, and what their model is worked out from. */

/** By column: the value as PostgreSQL prints it (times in UTC), or null for NULL. */
export type Row = Readonly<Record<string, string | null>>

export type Type = 'integer' | 'bigint' | 'text' | 'boolean' | 'timestamptz' | 'numeric' | 'numeric(6,2)' | 'jsonb'

export interface Column {
  readonly name: string
  readonly type: Type
  readonly notNull: boolean
  readonly identity: 'ALWAYS' | 'BY DEFAULT' | null
  /** Computed by the server from another column of the same type. */
  readonly generated: { readonly from: string; readonly by: 'lower' | 'double' } | null
  /** A time of the row itself: of its creation or of its last change. */
  readonly stamp: 'creation' | 'change' | null
  readonly defaultsToNow: boolean
}

export interface Condition {
  readonly column: string
  readonly test: 'is null' | 'is not null' | 'is true' | { readonly equals: string }
}

export interface KeyPart {
  readonly column: string
  /** Compared in lower case. */
  readonly fold: boolean
}

export interface UniqueKey {
  readonly form: 'primary key' | 'constraint' | 'index'
  readonly parts: readonly KeyPart[]
  /** Condition of a partial index. */
  readonly where: Condition | null
  /** NULLS NOT DISTINCT */
  readonly groupsNulls: boolean
  readonly deferrable: boolean
}

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** Empty where there is none. */
  readonly primaryKey: readonly string[]
  /** The primary key included. */
  readonly uniqueKeys: readonly UniqueKey[]
  readonly rows: readonly Row[]
}

/** `columns` of `table` hold values of the `targets` of `parent`, in all rows or in those that meet a condition. */
export interface Reference {
  readonly table: string
  readonly columns: readonly string[]
  readonly parent: string
  readonly targets: readonly string[]
  readonly where: Condition | null
}

export interface ForeignKey extends Reference {
  readonly where: null
  readonly onDelete: 'NO ACTION' | 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT'
  readonly onUpdate: 'NO ACTION' | 'CASCADE'
  readonly deferrable: 'NOT DEFERRABLE' | 'DEFERRABLE' | 'DEFERRABLE INITIALLY DEFERRED'
  readonly valid: boolean
}

export interface Ordering {
  readonly column: string
  readonly descending: boolean
  /** Undefined: as PostgreSQL has it, last unless descending. */
  readonly nulls?: 'first' | 'last'
}

export type Survivor = 'oldest' | 'newest' | 'most-complete' | 'most-referenced' | readonly Ordering[]

export type Divergent = 'stop' | 'keep-survivor'

export type Merge = Readonly<Record<string, MergePolicy>>

/** An entry of a key set's `references`. */
export interface ReferenceEntry {
  readonly table: string
  readonly columns: readonly string[]
  readonly where: Condition | null
  readonly merge: Merge
}

export interface DeclaredKeySet {
  /** As reports print it. */
  readonly id: string
  readonly table: string
  /** A folded part is written with `match: lower`, or as an expression. */
  readonly parts: readonly (KeyPart & { readonly expression: boolean })[]
  readonly where: Condition | null
  /** `nulls: looked-up` */
  readonly groupsNulls: boolean
  readonly survivor: Survivor
  readonly divergent: Divergent
  readonly merge: Merge
  readonly references: readonly ReferenceEntry[]
}

export interface FixInput {
  /** Parents before children, as far as there is such an order. */
  readonly tables: readonly Table[]
  readonly foreignKeys: readonly ForeignKey[]
  /** As configured. */
  readonly declared: readonly DeclaredKeySet[]
}

/** The columns that a key speaks of. */
export function columnsOf({ parts, where }: Pick<UniqueKey, 'parts' | 'where'>): string[] {
  return [...new Set([...parts.map(({ column }) => column), ...(where === null ? [] : [where.column])])]
}

export function meets(row: Row, where: Condition | null): boolean {
  if (where === null) return true
  const value = row[where.column] ?? null
  if (where.test === 'is null') return value === null
  if (where.test === 'is not null') return value !== null
  return value === (where.test === 'is true' ? 'true' : where.test.equals)
}
