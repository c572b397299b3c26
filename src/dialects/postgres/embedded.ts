/** A PostgreSQL of our own that may be written to: PGlite, in this process, its files in a directory. */
export interface EmbeddedDatabase {
  /** As the server calls itself: `PostgreSQL 18.6`. */
  readonly version: string
  /** Several statements at once. */
  script(sql: string): Promise<void>
  /** One statement, a transaction of its own. Timestamps are `Date`s. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  close(): Promise<void>
}

/** Creates it if the directory is missing or empty (a few seconds), opens it otherwise. */
export async function openEmbedded(directory: string): Promise<EmbeddedDatabase> {
  const { PGlite } = await import('@electric-sql/pglite')
  const database = await PGlite.create(directory)
  const { rows } = await database.query<{ server_version: string }>('SHOW server_version')
  return {
    version: `PostgreSQL ${rows[0]?.server_version.split(' ')[0]}`,
    script: async (sql) => {
      await database.exec(sql)
    },
    query: async <Row>(sql: string, values?: readonly unknown[]) =>
      (await database.query<Row>(sql, values as unknown[])).rows,
    close: () => database.close(),
  }
}
