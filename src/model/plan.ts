import type { ReferentialAction } from './catalog.js'
import type { MergePolicy } from './keyset.js'

/** How `fix` removes duplicate rows and adds uniqueness: everything that the migration's SQL is made from, and no counts. */
export interface Plan {
  /** Names the files and the archive's tables: `cart_session_id`. */
  readonly name: string
  /** Of everything else here; tells one plan from another with the same name. */
  readonly hash: string
  /** Schema of the archive. */
  readonly archive: string
  /** Schemas in which the names of functions and operators were found. */
  readonly searchPath: readonly string[]
  /** Parents before children. */
  readonly tables: readonly PlanTable[]
  readonly references: readonly PlanReference[]
  readonly uniqueness: readonly PlanUniqueness[]
  readonly limits: PlanLimits
}

export interface PlanLimits {
  /** Share of a table's rows that may be surplus, 0 to 1; null: a tenth, where that is more than 1,000 rows. */
  readonly maxSurplus: number | null
  /** Rows of one duplicate group. */
  readonly maxGroup: number
}

export interface PlanColumn {
  readonly name: string
  /** As the server prints it, with modifiers. */
  readonly type: string
  /** Without domains and modifiers. */
  readonly baseType: string
  readonly notNull: boolean
  /** Computed by the server: never written. */
  readonly generated: boolean
}

/** A column that the server computes from others of its row. */
export interface GeneratedColumn {
  readonly name: string
  readonly sql: string
  readonly from: readonly string[]
}

/** A table that loses rows, or whose rows are repointed. */
export interface PlanTable {
  readonly schema: string
  readonly name: string
  /** Rows of tables that inherit from it are left alone. */
  readonly only: boolean
  readonly columns: readonly PlanColumn[]
  readonly generated: readonly GeneratedColumn[]
  /** Empty where there is none: then a row is known by all its values. */
  readonly primaryKey: readonly string[]
  /** In the order in which they are applied. */
  readonly keys: readonly PlanKey[]
  readonly merge: readonly PlanMerge[]
  /** Every unique index, the primary key included: what a row that comes back may collide with. */
  readonly unique: readonly UniqueKey[]
  /** Its foreign keys, whatever they point to. */
  readonly outgoing: readonly OutgoingReference[]
  /** Columns with the time of a row's last change, or of its creation, that say which row is the latest; best first. */
  readonly stamps: readonly string[]
}

/** SQL over the table's columns. */
export interface KeySql {
  /** Each grouped by its type's own equality. */
  readonly values: readonly { readonly sql: string; readonly groupsNulls: boolean }[]
  /** Conditions that a row must meet to belong to a group, each complete in itself. */
  readonly conditions: readonly string[]
}

export interface UniqueKey extends KeySql {
  readonly name: string
  /** Columns that the key and its predicate are made from. */
  readonly columns: readonly string[]
}

export interface OutgoingReference {
  readonly columns: readonly string[]
  readonly schema: string
  readonly table: string
  readonly targets: readonly string[]
}

/** Rows that are equal by it are merged into one. */
export interface PlanKey extends KeySql {
  /** `declared`: a key set of the configuration. `existing`: a unique index that rows might violate once repointed. */
  readonly kind: 'declared' | 'existing'
  /** Id of the key set, or name of the index. */
  readonly label: string
  /** Columns that the key and its conditions are made from. */
  readonly columns: readonly string[]
  /** `oldest`, `newest`, `most-complete`, `most-referenced` or an ORDER BY list; ties are broken by the primary key. */
  readonly survivor: string
  readonly divergent: 'stop' | 'keep-survivor'
  /** Columns in which the rows of a group must agree. */
  readonly compared: readonly ComparedColumn[]
}

export interface ComparedColumn {
  readonly name: string
  /** False where only texts can be compared. */
  readonly hasEquality: boolean
}

/** How the survivor's value of a column is made from those of its group. */
export interface PlanMerge {
  readonly column: string
  readonly policy: Exclude<MergePolicy, 'keep'>
  /** Nobody asked for it: a creation stamp takes the earliest. */
  readonly implicit: boolean
}

/** Columns of a child that hold values of a parent's columns; `from` and `to` are positions in `tables`. */
export interface PlanReference {
  readonly from: number
  readonly columns: readonly string[]
  readonly to: number
  readonly targets: readonly string[]
  /** Name of the foreign key; null for a declared reference. */
  readonly foreignKey: string | null
  readonly onDelete: ReferentialAction | null
  readonly onUpdate: ReferentialAction | null
  /** Which of the child's rows refer to the parent, in SQL; null: all. */
  readonly where: string | null
  /** The types differ, so that texts are compared. */
  readonly asText: boolean
  /** An index of the child begins with these columns. */
  readonly indexed: boolean
}

/** A unique index or constraint to be added. */
export interface PlanUniqueness {
  /** Position in `tables`. */
  readonly table: number
  readonly keySet: string
  readonly name: string
  /** What stands between the parentheses of CREATE UNIQUE INDEX … (…). */
  readonly members: string
  readonly nullsNotDistinct: boolean
  /** Condition of a partial index; null for all rows. */
  readonly predicate: string | null
  /** Columns that it needs, and that the table is given before it. */
  readonly generatedColumns: readonly AddedColumn[]
  /** Attached as a constraint once it is built. */
  readonly constraint: boolean
  readonly model: ModelChange
}

/** A column that the server computes. */
export interface AddedColumn {
  readonly name: string
  /** What follows its name in ADD COLUMN. */
  readonly definition: string
}

/** What the framework's own model has to learn. */
export interface ModelChange {
  readonly schema: string
  readonly table: string
  readonly name: string
  /** Column names, or expressions in SQL. */
  readonly members: readonly (
    | { readonly column: string; readonly fold: 'lower' | 'upper' | null }
    | { readonly expression: string }
  )[]
  readonly predicate: string | null
  readonly nullsNotDistinct: boolean
  readonly constraint: boolean
}
