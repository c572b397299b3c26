import type { ModelChange } from './plan.js'

/** One statement, complete without a semicolon at its end. */
export interface Statement {
  /** For the reviewer; null where the statement speaks for itself. */
  readonly comment: string | null
  readonly sql: string
}

/**
 * Statements of one transaction, in one session, at READ COMMITTED. A phase that was interrupted leaves nothing behind;
 * one that is already done does nothing.
 */
export interface Phase {
  readonly title: string
  readonly comment: readonly string[]
  /** `own`: in a transaction of its own. `outside`: each statement by itself, after the transactions before it. */
  readonly transaction: 'own' | 'outside'
  readonly statements: readonly Statement[]
}

/** All that an emitter gets: what to run, and what the framework's models must say. */
export interface Script {
  readonly name: string
  /** For the reviewer: what it does, what it needs, what to mind; lines without comment marks. */
  readonly header: readonly string[]
  readonly up: readonly Phase[]
  readonly down: readonly Phase[]
  /** Removes the archive, after which there is no way back. */
  readonly cleanup: readonly Phase[]
  readonly modelChanges: readonly ModelChange[]
  readonly target: ScriptTarget
}

/** Where a script runs, in words that frameworks have for it. */
export interface ScriptTarget {
  /** The server, as frameworks call it: their files do nothing on others. */
  readonly vendor: string
  /** Arguments with which the server's own client stops at the first error; empty where it does so anyway. */
  readonly clientArguments: string
}

/** A file that an emitter wants written. */
export interface EmittedFile {
  /** Relative to the directory of the format. */
  readonly path: string
  readonly kind: 'up' | 'down' | 'cleanup'
  readonly text: string
}
