import { giveEvent } from '../model/mysql-event.js'
import { grammarOf } from '../model/mysql-statement.js'
import type { LogReader, StatementSink } from '../model/statement.js'
import type { LogFormat } from './format.js'
import type { MysqlLogOptions } from './mysql-general.js'
import { type ExportedRow, hasColumns, TableReader } from './statistics-rows.js'

/**
 * performance_schema.events_statements_history or …_history_long exported with its column names, ORDER BY THREAD_ID,
 * EVENT_ID, as CSV, as JSON, or as `mysql -B` writes it. Needs SQL_TEXT, THREAD_ID and EVENT_NAME; its times are counted from
 * the start of the server, so it has none.
 * https://dev.mysql.com/doc/refman/en/performance-schema-events-statements-history-table.html
 */
export const mysqlHistory: LogFormat = {
  name: 'mysql-history',
  description: 'an export of events_statements_history',
  recognises: (head) => (hasColumns(head, ['sql_text', 'thread_id', 'event_name']) ? 0.9 : 0),
  startsRecord: () => true,
  reader: (sink, options) => historyReader(sink, options),
}

function historyReader(sink: StatementSink, options: MysqlLogOptions): LogReader {
  const grammar = grammarOf(options.sqlMode ?? '')
  return new TableReader({
    row: (row) => void giveEvent(eventOf(row), sink, grammar),
    unread: (reason, example) => sink.unread(reason, example),
  })
}

function eventOf(row: ExportedRow) {
  const number = (name: string) => Number(row.get(name) ?? Number.NaN)
  const picoseconds = row.has('timer_wait') ? number('timer_wait') : number('timer_end') - number('timer_start')
  return {
    thread: row.get('thread_id') ?? '',
    name: row.get('event_name') ?? '',
    text: row.get('sql_text') ?? '',
    database: row.get('current_schema') ?? '',
    at: Number.NaN,
    duration: picoseconds / 1e9,
    rowsSent: number('rows_sent'),
    rowsAffected: number('rows_affected'),
    errno: Number(row.get('mysql_errno') ?? 0) || 0,
    message: row.get('message_text') ?? '',
  }
}
