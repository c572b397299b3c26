import type { Table } from './catalog.js'
import type { MergePolicy } from './keyset.js'
import type { GeneratedColumn, KeySql, OutgoingReference, PlanUniqueness, UniqueKey } from './plan.js'
import type { ResolvedKeySet } from './verdict.js'

/** What a dialect tells of the key sets that are to be fixed, and of every table from which their rows are referenced. */
export interface PlanFacts {
  /** The key sets' own tables and, transitively, those that reference them. */
  readonly tables: readonly TableFacts[]
  /** In the order asked. */
  readonly keySets: readonly KeySetFacts[]
  readonly declared: readonly DeclaredReferenceFacts[]
  /** Columns elsewhere that look as if they held ids of these tables, though nothing declares it. */
  readonly suspected: readonly SuspectedReference[]
  /** Schemas in which the names of functions and operators were found. */
  readonly searchPath: readonly string[]
  /** Said in the plan and in the header of its files. */
  readonly warnings: readonly string[]
  readonly way: FixWay
}

/** How the dialect's migrations go about their work, as far as planning and reports have to know. */
export interface FixWay {
  /** Foreign keys are checked row by row, so that rows that refer to each other have to let go by NULL first. */
  readonly emptiesCycles: boolean
  /** For how long rows can't be written while it runs. */
  readonly stall: StallRates
  /** What types a column must have for a policy; any type will do for one that isn't here. */
  readonly mergeable: Readonly<Partial<Record<MergePolicy, RegExp>>>
  /** Who reads the changes of every row from the server's log, as the subject of a sentence; null: nobody. */
  readonly logReaders: string | null
  readonly wording: FixWording
}

/** Seconds per row. */
export interface StallRates {
  /** A row is compared by one key. */
  readonly look: number
  /** A row is put into an index. */
  readonly build: number
  /** A row is archived and changed or removed. */
  readonly touch: number
  /** Locks, temporary tables, the commit: seconds, whatever the number of rows. */
  readonly fixed: number
  /** Those who only read wait too. */
  readonly readersWait: boolean
}

/** Words that are the server's own. */
export interface FixWording {
  /** What the archive's tables are in. */
  readonly archivePlace: string
  /** What whoever runs the files must know, as lines for their header; none where there is nothing. */
  readonly running: readonly string[]
  /** What the application must do once its INSERT may fail: as lines for the header of the files. */
  readonly afterwards: readonly string[]
  /** The same for a report, in a sentence. */
  readonly advice: string
  /** Runs a file whose path follows. */
  readonly client: string
}

export interface TableFacts {
  readonly table: Table
  readonly generated: readonly GeneratedColumn[]
  /** Unique indexes as rows are checked against them. */
  readonly uniqueKeys: readonly UniqueKeyFacts[]
  /** Foreign keys that point to this table; `child` is a position in `tables`. */
  readonly children: readonly {
    readonly child: number
    readonly reference: Table['references'][number]
  }[]
  /** Its own foreign keys. */
  readonly outgoing: readonly OutgoingReference[]
  /** Why rows of this table can't be moved or removed safely; null where they can. */
  readonly refusal: Refusal | null
}

export interface UniqueKeyFacts extends UniqueKey {
  /** Columns that the key and its predicate are made from. */
  readonly columns: readonly string[]
}

export interface KeySetFacts {
  readonly resolved: ResolvedKeySet
  /** Position in `tables`. */
  readonly table: number
  /** By the semantics of the constraint to be built. */
  readonly key: KeySql & { readonly columns: readonly string[] }
  /** What would make it unique; several indexes where only together they do. Or why nothing can. */
  readonly uniqueness: readonly UniqueIndex[] | Refusal
}

export type UniqueIndex = Omit<PlanUniqueness, 'table' | 'keySet'>

export interface Refusal {
  readonly refused: string
  /** What to do instead. */
  readonly advice: string
}

/** A reference of the configuration that no foreign key declares. */
export interface DeclaredReferenceFacts {
  readonly child: number
  readonly columns: readonly string[]
  readonly to: number
  readonly targets: readonly string[]
  readonly where: string | null
  readonly asText: boolean
}

export interface SuspectedReference {
  readonly schema: string
  readonly table: string
  readonly column: string
  /** `schema.table` that it seems to point to. */
  readonly to: string
}
