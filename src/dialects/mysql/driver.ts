import type { ConnectionTarget, SessionOptions } from '../dialect.js'

/** Runs one statement over the text protocol and returns its rows; `?` stands for a value. */
export type Query = <Row extends Record<string, unknown>>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

/** A statement that the server may refuse: an error of its own doesn't end the transaction. */
export type Attempt = <Row extends Record<string, unknown>>(
  sql: string,
  values?: readonly unknown[],
) => Promise<{ readonly rows: Row[] } | { readonly error: DatabaseError }>

/** The part of a server's error that we use. */
export interface DatabaseError extends Error {
  /** `ER_NO_SUCH_TABLE` */
  readonly code?: string
  /** 1146 */
  readonly errno?: number
  readonly sqlState?: string
  readonly sqlMessage?: string
}

export interface ReadTransaction {
  readonly query: Query
  readonly attempt: Attempt
  readonly server: ServerInfo
}

/** One row after the other, for results of any size: the function must have done with each when it returns. */
export type Each = <Row extends Record<string, unknown>>(
  sql: string,
  values: readonly unknown[],
  onRow: (row: Row) => void,
) => Promise<void>

export interface StreamingTransaction extends ReadTransaction {
  readonly each: Each
}

export interface ServerInfo {
  readonly flavour: 'mysql' | 'mariadb'
  /** 90704 for 9.7.4, 101119 for 10.11.19 */
  readonly number: number
  /** `9.7.4`, as printed, without suffixes. */
  readonly version: string
  /** `percona`, `aurora` …: who made it, where it is neither MySQL's nor MariaDB's own server. */
  readonly product: string | null
  /** Of the connection; '' for none. */
  readonly database: string
  /** The server's own sql_mode, in which the user's predicates are read. */
  readonly sqlMode: string
  /** 0: table names are compared by case; 1 and 2: they are not. */
  readonly lowerCaseTableNames: number
  /** What transactions run at when the application doesn't say: `REPEATABLE-READ` … */
  readonly isolation: string
  /**
   * Whether a locking read of a transaction at REPEATABLE READ finds rows that are newer than its snapshot. Where
   * innodb_snapshot_isolation is on, it fails with error 1020.
   */
  readonly lockingReadSeesNewRows: boolean
  /** The server refuses to write, as replicas do. */
  readonly readOnly: boolean
}

/**
 * A connection on which the only way to run SQL is inside `START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY`, in a
 * session whose transactions are all read-only.
 */
export interface MysqlDriver {
  readonly server: ServerInfo
  readOnly<T>(work: (transaction: StreamingTransaction) => Promise<T>): Promise<T>
  /**
   * Makes empty temporary tables with `prepare`, then begins a transaction in which the server lets nothing else be
   * written. All are dropped at its end. It runs at READ COMMITTED, where INSERT … SELECT and the one-table form of UPDATE
   * don't lock the rows that they read. DELETE and UPDATE of several tables do: name only temporary tables in these.
   */
  rehearse<T>(prepare: readonly string[], work: (query: Query) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type OpenDriver = (target: ConnectionTarget, options: SessionOptions) => Promise<MysqlDriver>
