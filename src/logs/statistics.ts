import { digestStatement, isCutOff, rowsOf } from '../model/mysql-statement.js'
import { BACKSLASH_SQL, type LogReader, STANDARD_SQL, type StatementSink } from '../model/statement.js'
import type { LogFormat } from './format.js'
import { type ExportedRow, hasColumns, TableReader } from './statistics-rows.js'

/**
 * pg_stat_statements exported with its column names, as CSV (`psql --csv`, `\copy (SELECT …) TO … CSV HEADER`) or as JSON.
 * Needs query and calls; reads rows and, where they are joined, datname or dbname.
 * https://www.postgresql.org/docs/current/pgstatstatements.html
 */
export const pgStatStatements: LogFormat = {
  name: 'pg-stat-statements',
  description: 'an export of pg_stat_statements',
  recognises: (head) => (hasColumns(head, ['query', 'calls']) ? 0.9 : 0),
  startsRecord: () => true,
  reader: (sink) => readerOf(sink, giveStatStatement),
}

/**
 * performance_schema.events_statements_summary_by_digest exported with its column names, as CSV, as JSON, or as `mysql -B`
 * writes it. Needs DIGEST_TEXT and COUNT_STAR; reads SCHEMA_NAME, SUM_ROWS_SENT, SUM_ROWS_AFFECTED and SUM_ERRORS.
 * https://dev.mysql.com/doc/refman/en/performance-schema-statement-summary-tables.html
 */
export const mysqlDigest: LogFormat = {
  name: 'mysql-digest',
  description: 'an export of events_statements_summary_by_digest',
  recognises: (head) => (hasColumns(head, ['digest_text', 'count_star']) ? 0.9 : 0),
  startsRecord: () => true,
  reader: (sink) => readerOf(sink, giveDigest),
}

type Give = (row: ExportedRow, sink: StatementSink) => void

function readerOf(sink: StatementSink, give: Give): LogReader {
  return new TableReader({
    row: (row) => give(row, sink),
    unread: (reason, example) => sink.unread(reason, example),
  })
}

function giveStatStatement(row: ExportedRow, sink: StatementSink): void {
  const text = row.get('query') ?? ''
  if (text === '') sink.unread('no-text', '')
  else if (text === '<insufficient privilege>') sink.unread('insufficient-privilege', '')
  else {
    sink.totals({
      grammar: STANDARD_SQL,
      database: row.get('datname') ?? row.get('dbname') ?? row.get('database') ?? '',
      text,
      calls: number(row.get('calls')),
      rows: number(row.get('rows')),
      errors: Number.NaN,
      truncated: false,
    })
  }
}

function giveDigest(row: ExportedRow, sink: StatementSink): void {
  const digest = row.get('digest_text') ?? ''
  // The row without a text is of all statements for which the table had no room.
  if (digest === '') {
    sink.unread('no-text', '')
    return
  }
  const text = digestStatement(digest)
  if (text === null) return
  sink.totals({
    grammar: BACKSLASH_SQL,
    database: row.get('schema_name') ?? '',
    text,
    calls: number(row.get('count_star')),
    rows: rowsOf(text, number(row.get('sum_rows_sent')), number(row.get('sum_rows_affected'))),
    errors: number(row.get('sum_errors')),
    truncated: isCutOff(digest),
  })
}

function number(value: string | undefined): number {
  return value === undefined || value.trim() === '' ? Number.NaN : Number(value)
}
