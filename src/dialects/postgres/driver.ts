import type { ConnectionTarget, SessionOptions } from '../dialect.js'

/** Runs one statement (extended protocol, so never several) and returns its rows. */
export type Query = <Row extends Record<string, unknown>>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

/** A statement that may be refused by the server without ending the transaction (runs behind a savepoint). */
export type Attempt = <Row extends Record<string, unknown>>(
  sql: string,
  values?: readonly unknown[],
) => Promise<{ readonly rows: Row[] } | { readonly error: DatabaseError }>

/** The part of a server's error that we use. */
export interface DatabaseError extends Error {
  /** SQLSTATE */
  readonly code?: string
  readonly detail?: string
  readonly hint?: string
  readonly position?: string
}

export interface ReadTransaction {
  readonly query: Query
  readonly attempt: Attempt
}

/**
 * A connection on which the only way to run SQL is inside `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`,
 * with every setting made by SET LOCAL: works through a transaction-mode pooler and leaves nothing behind.
 */
export interface PostgresDriver {
  readOnly<T>(work: (transaction: ReadTransaction) => Promise<T>): Promise<T>
  /**
   * Makes temporary objects with `prepare`, then lets the server make the transaction read-only, and takes everything
   * back at its end. Blocks that fill the temporary tables are allowed in `work`; the server refuses to write others.
   */
  rehearse<T>(prepare: readonly string[], work: (query: Query) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type OpenDriver = (target: ConnectionTarget, options: SessionOptions) => Promise<PostgresDriver>
