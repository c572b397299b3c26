import { digestStatement, isCutOff, rowsOf } from '../../model/mysql-statement.js'
import { BACKSLASH_SQL } from '../../model/statement.js'
import type { RecordedSource } from '../dialect.js'
import { bytes, type Recording, refused, since } from './recorded-source.js'

interface DigestRow extends Record<string, unknown> {
  readonly db: Buffer | null
  readonly text: Buffer | null
  readonly calls: string
  readonly errors: string
  readonly sent: string
  readonly affected: string
  readonly lastSeen: string | null
}

/** Of the system's own databases there is nothing to find, and our own statements read nothing else by value. */
const digests = (when: string): string => `
  SELECT CAST(SCHEMA_NAME AS BINARY) AS db, CAST(DIGEST_TEXT AS BINARY) AS text, COUNT_STAR AS calls,
         SUM_ERRORS AS errors, SUM_ROWS_SENT AS sent, SUM_ROWS_AFFECTED AS affected
  FROM performance_schema.events_statements_summary_by_digest
  WHERE (SCHEMA_NAME IS NULL OR SCHEMA_NAME NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema'))
    AND ${when}`

const OFF =
  'performance_schema is off, so no statistics of statements are kept: set performance_schema = ON in the configuration and restart the server.'

const cutOff = (count: number): string =>
  `${count} ${count === 1 ? 'text was' : 'texts were'} cut off by the server before their end and are of no use: raise max_digest_length and performance_schema_max_digest_length, for example to 4096, and restart it.`

const full = (calls: string): string =>
  `The table of statistics was full, and ${calls} executions are not told apart: raise performance_schema_digests_size and restart the server, or empty it with TRUNCATE TABLE performance_schema.events_statements_summary_by_digest.`

/** Sums per statement and database, since the server started or the table was emptied. */
export async function readDigests(recording: Recording): Promise<RecordedSource> {
  const { transaction, sink, options } = recording
  const name = 'performance_schema.events_statements_summary_by_digest'
  if (!recording.performanceSchema) return { name, rows: 0, notes: [OFF] }
  const { sql, values } = since('LAST_SEEN', options)
  const notes: string[] = []
  let [rows, truncated] = [0, 0]
  const refusal = await refused(recording, name, () =>
    transaction.each<DigestRow>(digests(sql), values, (row) => {
      if (row.text === null) {
        if (Number(row.calls) > 0) notes.push(full(row.calls))
        return
      }
      const digest = bytes(row.text)
      const text = digestStatement(digest)
      if (text === null || isOurs(text)) return
      rows += 1
      if (isCutOff(digest)) truncated += 1
      sink.totals({
        grammar: BACKSLASH_SQL,
        database: bytes(row.db),
        text,
        calls: Number(row.calls),
        rows: rowsOf(text, Number(row.sent), Number(row.affected)),
        errors: Number(row.errors),
        truncated: isCutOff(digest),
      })
    }),
  )
  if (refusal !== null) return { name, rows, notes: [refusal] }
  return { name, rows, notes: [...notes, ...(truncated > 0 ? [cutOff(truncated)] : [])] }
}

/** Catalogs are read by us and by tools, not by applications. */
function isOurs(text: string): boolean {
  return /\b(?:information_schema|performance_schema)`? ?\./i.test(text) || /\bgoc_audit/.test(text)
}
