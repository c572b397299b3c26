import type { DatabaseInfo, Remedy } from '../model/audit.js'
import type { Table } from '../model/catalog.js'
import type { Check } from '../model/check.js'
import type { Duplicates } from '../model/duplicates.js'
import type { KeySet, TableName } from '../model/keyset.js'
import type { Plan } from '../model/plan.js'
import type { PlanFacts, Refusal } from '../model/plan-facts.js'
import type { Rehearsal } from '../model/rehearsal.js'
import type { Script } from '../model/script.js'
import type { StatementSink } from '../model/statement.js'
import type { TableStatistics } from '../model/statistics.js'
import type { Facts, ResolvedKeySet } from '../model/verdict.js'

/** Where and how to connect; made by src/config from flags, file and environment. */
export interface ConnectionTarget {
  /** Full URL with the password in it. Never printed: see `shown`. */
  readonly url: string
  /** The same without secrets, for messages. */
  readonly shown: string
  readonly schemas: readonly string[]
  /** Prints the password on stdout (short-lived tokens); run once per connection. */
  readonly passwordCommand?: string
}

export interface SessionOptions {
  /** Per statement, in milliseconds; 0 = none. */
  readonly statementTimeout: number
  /** Fires on Ctrl-C: running statements are cancelled on the server. */
  readonly signal?: AbortSignal
}

export interface CountOptions {
  /** Stop at the first duplicate group. */
  readonly exists: boolean
  /** How many sample groups to fetch, 0 = none. */
  readonly samples: number
  /** Tables over either limit are not counted; null = no limit. */
  readonly budget: { readonly rows: number; readonly bytes: number } | null
  /** Called when the key set at this position of the input has been dealt with. */
  readonly onProgress?: (done: number) => void
}

export interface RecordedOptions {
  /** Leaves out what was recorded before, where a source has times: milliseconds since 1970. */
  readonly since?: number
  /** Called now and then with how many rows of the source have been read. */
  readonly onProgress?: (source: string, rows: number) => void
}

/** Something in which a server records statements, as far as it was read. */
export interface RecordedSource {
  /** `pg_stat_statements`, `mysql.general_log` … */
  readonly name: string
  /** Statements and totals taken from it; 0 where `notes` say why. */
  readonly rows: number
  /** Sentences: what it can't show, and what to set or to grant so that it can. */
  readonly notes: readonly string[]
}

/** How a server writes its logs, for reading them elsewhere. */
export interface RecordingSettings {
  /** `log_line_prefix`; absent where there is none. */
  readonly linePrefix?: string
  /** sql_mode; absent where there is none. */
  readonly sqlMode?: string
  /** Of the times in its logs, as minutes to add to UTC; absent where they carry their zone, or it isn't known. */
  readonly offsetMinutes?: number
  /** Paths on the server of the logs that hold statements, as far as this user may know them. */
  readonly logFiles: readonly string[]
  /** Sentences: whether statements are logged, and what to set so that they are. */
  readonly notes: readonly string[]
}

/** Either the tables by position in the request, or a sentence why there is none. */
export type CatalogAnswer =
  | { readonly table: Table }
  | { readonly missing: 'not-found' | 'ambiguous' | 'no-privilege'; readonly candidates: readonly string[] }

/** One database family. Everything that differs between them is behind this and `Session`. */
export interface Dialect {
  readonly name: string
  /** URL schemes without the colon. */
  readonly schemes: readonly string[]
  connect(target: ConnectionTarget, options: SessionOptions): Promise<Session>
}

/** An open, read-only connection. The server refuses writes on it. */
export interface Session {
  readonly info: DatabaseInfo
  /** Said once about the server, e.g. that it is a standby. */
  readonly notes: readonly string[]
  readCatalog(names: readonly TableName[]): Promise<readonly CatalogAnswer[]>
  /** The tables of the schemas that the target names; of all the user's schemas where it names none. For `init`. */
  listTables(): Promise<readonly TableName[]>
  /** Tables and views that are called so (or so in lower case), in whatever schema of the user's. */
  findTables(names: readonly string[]): Promise<readonly TableName[]>
  /** What the planner knows of the tables' values, in the order given. For `init`. */
  readStatistics(tables: readonly Table[]): Promise<readonly TableStatistics[]>
  /** Names → catalog; throws UserError with a location for what isn't there. */
  resolve(keySet: KeySet, relation: Table): Promise<ResolvedKeySet>
  askFacts(resolved: ResolvedKeySet): Promise<Facts>
  suggest(resolved: ResolvedKeySet, facts: Facts): Remedy
  /** Key sets of one table, counted together in one snapshot; answers in the order given. */
  countDuplicates(
    table: Table,
    keySets: readonly ResolvedKeySet[],
    options: CountOptions,
  ): Promise<readonly Duplicates[]>
  /** What a plan is made from: the key sets, with the reason why nothing can make one of them unique, and all that refers to their rows. */
  readPlanFacts(
    keySets: readonly { readonly resolved: ResolvedKeySet; readonly refusal: Refusal | null }[],
  ): Promise<PlanFacts>
  /** Works the plan out over the rows as they are now, and changes nothing. */
  rehearse(plan: Pick<Plan, 'tables' | 'references'>): Promise<Rehearsal>
  /** The migration of the plan; `header` is for its reader. */
  script(plan: Plan, header: readonly string[]): Script
  /** What this role and the server's settings lack, for tables as written. For `doctor`. */
  examine(tables: readonly TableName[]): Promise<readonly Check[]>
  /** Reads what the server itself has recorded of the statements that it ran, without goc-audit's own, in bounded memory. */
  readRecorded(sink: StatementSink, options?: RecordedOptions): Promise<readonly RecordedSource[]>
  recordingSettings(): Promise<RecordingSettings>
  close(): Promise<void>
}
