/** What the server wrote about one event, put together; texts are '' where the log doesn't tell. */
export interface PostgresRecord {
  /** Milliseconds since 1970; NaN where the log has no time. */
  at: number
  session: string
  database: string
  application: string
  /** Virtual transaction id. */
  transaction: string
  /** ERROR and worse. */
  error: boolean
  sqlstate: string
  message: string
  detail: string
  context: string
  /** The statement that an error was about. */
  statement: string
}
