export type RelationKind = 'table' | 'partitioned-table' | 'view' | 'materialized-view' | 'foreign-table'

export interface Column {
  readonly name: string
  /** As the database prints it, with modifiers: `character varying(40)`. */
  readonly type: string
  readonly notNull: boolean
  /** Filled by the database when an INSERT doesn't name it: identity, sequence, a default that makes unique values. */
  readonly generatesKey: boolean
  readonly generated: 'stored' | 'virtual' | null
  /** What a generated column is computed as; null for any other. */
  readonly expression: string | null
  readonly default: string | null
  /** Name of the collation; null where the type has none, or where it is the database's default and that has no name. */
  readonly collation: string | null
  /** False where the collation calls different texts equal. */
  readonly deterministic: boolean
  /** Left out of `SELECT *`. */
  readonly invisible?: boolean
  /** An UPDATE that doesn't name it sets it to the time of the day. */
  readonly stampedOnUpdate?: boolean
  /** The type without domains and modifiers. */
  readonly baseType: string
  /** False where the type has no equality at all (json, xml, point …): can't be grouped, indexed or compared. */
  readonly hasEquality: boolean
  /** A date or a timestamp, so that "first seen" and "born within a second" make sense. */
  readonly isTimestamp: boolean
  /** A timestamp that is stamped once at creation: a now() default, or named created…, inserted…, date_joined. */
  readonly isCreationStamp: boolean
}

export interface IndexPart {
  /** Real name of the column, or null for an expression. */
  readonly column: string | null
  /** The expression's SQL as the database prints it; null for a plain column. */
  readonly expression: string | null
  /** Only so many characters (bytes of a binary column) from its beginning are compared; absent: all of it. */
  readonly prefix?: number
  readonly descending?: boolean
  readonly equality: IndexEquality
}

/** What an index part calls equal. */
export interface IndexEquality {
  /** `default`: the type's own `=`; `other`: another notion, named in `operator`; `overlap`: ranges that share a point. */
  readonly kind: 'default' | 'overlap' | 'other'
  readonly operator: string
  /** Where it isn't the type's default: it serves other searches, so that an index like it isn't redundant. */
  readonly operatorClass: string | null
  /** Set where it isn't the collation of the column (or expression) itself. */
  readonly collation: string | null
  /** False where the part's collation calls different texts equal. */
  readonly deterministic: boolean
}

export interface Index {
  readonly name: string
  readonly schema: string
  /** The table it lies on; differs from the audited one for indexes of partitions. */
  readonly table: string
  readonly unique: boolean
  readonly primary: boolean
  readonly exclusion: boolean
  /** A temporal key (WITHOUT OVERLAPS): its last part must not overlap, and is never empty. */
  readonly period: boolean
  /** Name of the constraint that owns it, if any. */
  readonly constraint: string | null
  readonly deferrable: boolean
  /** False: an interrupted or failed build. It may enforce (see `ready`), but nothing can rely on it. */
  readonly valid: boolean
  /** True: new rows are checked against it. */
  readonly ready: boolean
  readonly nullsNotDistinct: boolean
  /** Access method: btree, hash, gist … */
  readonly method: string
  readonly parts: readonly IndexPart[]
  readonly predicate: string | null
  /** For an index on a partitioned table: how many partitions have their piece attached. */
  readonly attached: { readonly partitions: number; readonly of: number } | null
  /** Only one partition's own; says nothing about the others. */
  readonly partitionLocal: boolean
  /** Something else holds on to it: a foreign key, the replica identity, CLUSTER. */
  readonly pinned: boolean
  /** Hidden from the planner; it forbids all the same. */
  readonly ignored?: boolean
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'

/** A foreign key of another table (or of this one) that points here. */
export interface IncomingReference {
  readonly name: string
  readonly schema: string
  readonly table: string
  /** Pairwise: `columns[i]` of the child holds the value of `targetColumns[i]` here. */
  readonly columns: readonly string[]
  readonly targetColumns: readonly string[]
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
  readonly estimatedRows: number
  readonly bytes: number
}

export interface Table {
  /** The engine's own id, stable for the session. */
  readonly id: string
  readonly schema: string
  /** It lies in the connection's own database, whose name differs from place to place and says nothing in an id. */
  readonly schemaImplied?: boolean
  readonly name: string
  readonly kind: RelationKind
  /** What stores it, where there is a choice. */
  readonly engine?: string
  /** Old versions of its rows are kept in it. */
  readonly systemVersioned?: boolean
  /** Bytes of one column that an index can hold, where its row format allows fewer than others do. */
  readonly indexColumnBytes?: number
  readonly temporary: boolean
  readonly isPartition: boolean
  /** Tables that inherit from this one (not partitions). */
  readonly inheritanceChildren: number
  readonly partitioning: {
    readonly columns: readonly string[]
    readonly byExpression: boolean
    readonly partitions: number
  } | null
  /** Planner's estimate, partitions and inheriting tables included; null where there is none yet. */
  readonly estimatedRows: number | null
  readonly bytes: number | null
  readonly columns: readonly Column[]
  readonly primaryKey: readonly string[]
  readonly indexes: readonly Index[]
  readonly references: readonly IncomingReference[]
  /** Row security as it is for our role: `filters` means that rows may be hidden from us. */
  readonly rowSecurity: 'off' | 'bypassed' | 'filters'
  /** Columns that our role may not read; empty when all are readable. */
  readonly unreadableColumns: readonly string[]
  /** There is more than our role is shown: columns, with their indexes, or a view's definition. */
  readonly partlyHidden?: boolean
  /** BEFORE INSERT row triggers, with the columns that their bodies assign. */
  readonly insertTriggers: readonly { readonly name: string; readonly assigns: readonly string[] }[]
  /** For a view: what it reads, where that is one table and the view lets inserts through. */
  readonly base: ViewBase | null
}

export interface ViewBase {
  readonly table: Table
  /** View column → what it is over the base table's columns, as the database prints it. */
  readonly columns: Readonly<Record<string, string>>
  /** The view's own predicate over base columns, as the database prints it. */
  readonly predicate: string | null
}
