/** How thoroughly to stop what runs: its statement, or with it the whole connection. */
export type Stop = 'query' | 'connection'

/** The little that a driver must do; everything about transactions and safety is built on it in read-only.ts. */
export interface Wire {
  /** One statement by the text protocol. Rejects with the server's error, or with a UserError when the connection is gone. */
  run(sql: string): Promise<Record<string, unknown>[]>
  /** The same, giving out each row as it comes instead of keeping them; what `onRow` throws is thrown at the end. */
  stream(sql: string, onRow: (row: Record<string, unknown>) => void): Promise<void>
  /** Has the server stop the running statement, which then fails, by a second connection. Never rejects. */
  stop(what: Stop): Promise<void>
  /** Cuts the connection without ceremony; later calls of `run` reject. */
  destroy(): void
  /** Ends the connection in good order. Never rejects. */
  close(): Promise<void>
}
