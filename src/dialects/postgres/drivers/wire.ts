/** What one statement gave. */
export interface WireResult {
  readonly rows: Record<string, unknown>[]
  /** Inside a transaction afterwards, outside one, or not known to this driver. */
  readonly status: 'transaction' | 'idle' | 'unknown'
}

/** The little that a driver must do; everything about transactions and safety is built on it in read-only.ts. */
export interface Wire {
  /** A statement's end took the whole wire with it; `revive` brings it back. */
  readonly ended?: boolean
  /** Called before a transaction begins. A wire that has a private copy of the data can live again. */
  revive?(): Promise<void>
  /** One statement by the extended protocol. Rejects with the server's error, or with a UserError when the connection is gone. */
  run(sql: string, values: readonly unknown[]): Promise<WireResult>
  /** Asks the server to stop the running statement, which then fails. Never rejects. */
  cancel(): Promise<void>
  /** Cuts the connection without ceremony; later calls of `run` reject. */
  destroy(): void
  /** Ends the connection in good order. Never rejects. */
  close(): Promise<void>
}
