import { giveEvent } from '../../model/mysql-event.js'
import type { RecordedSource } from '../dialect.js'
import type { ServerInfo } from './driver.js'
import { bytes, progress, type Recording, refused } from './recorded-source.js'

interface EventRow extends Record<string, unknown> {
  readonly thread: string
  readonly name: string
  readonly text: Buffer | null
  readonly db: Buffer | null
  readonly started: string | null
  readonly lasted: string | null
  readonly sent: string
  readonly affected: string
  readonly errno: number
  readonly message: Buffer | null
}

const columns = (table: string): string => `
  SELECT THREAD_ID AS t, EVENT_ID AS e, EVENT_NAME AS name, CAST(SQL_TEXT AS BINARY) AS text,
         CAST(CURRENT_SCHEMA AS BINARY) AS db, TIMER_START / 1000000000 AS started, TIMER_WAIT / 1000000000 AS lasted,
         ROWS_SENT AS sent, ROWS_AFFECTED AS affected, MYSQL_ERRNO AS errno, CAST(MESSAGE_TEXT AS BINARY) AS message
  FROM performance_schema.${table}
  WHERE SQL_TEXT IS NOT NULL AND NESTING_EVENT_LEVEL = 0 AND THREAD_ID <> ?`

/** What is in both tables is the same in both, and so once in the union. */
const EVENTS = `
  SELECT CAST(t AS CHAR) AS thread, e, name, text, db, started, lasted, sent, affected, errno, message
  FROM (${columns('events_statements_history_long')} UNION ${columns('events_statements_history')}) AS both_tables
  ORDER BY t, e`

const CONSUMERS = `
  SELECT NAME AS name, ENABLED AS enabled FROM performance_schema.setup_consumers
  WHERE NAME IN ('events_statements_history', 'events_statements_history_long')`

/** When the clock of events stood at 0, by our own statement, in milliseconds since 1970. */
const OWN = `
  SELECT c.THREAD_ID AS thread, UNIX_TIMESTAMP(NOW(6)) * 1000 - c.TIMER_START / 1000000000 AS zero
  FROM performance_schema.threads t JOIN performance_schema.events_statements_current c ON c.THREAD_ID = t.THREAD_ID
  WHERE t.PROCESSLIST_ID = CONNECTION_ID() ORDER BY c.EVENT_ID DESC LIMIT 1`

/** The last statements of each connection that is open, and with the longer history those of all, with rows and errors. */
export async function readHistory(recording: Recording): Promise<RecordedSource> {
  const name = 'performance_schema.events_statements_history'
  // The digests say that it is off.
  if (!recording.performanceSchema) return { name, rows: 0, notes: [] }
  const notes: string[] = []
  let rows = 0
  const refusal = await refused(recording, 'performance_schema.*', async () => {
    notes.push(...(await consumerNotes(recording)))
    rows = await readEvents(recording, name)
  })
  if (refusal !== null) return { name, rows, notes: [refusal] }
  return { name, rows, notes: [...notes, ...(rows > 0 ? [limits(recording.transaction.server.flavour)] : [])] }
}

/** What a history with rows can't show. */
function limits(flavour: ServerInfo['flavour']): string {
  const prepared =
    flavour === 'mysql' ? 'no values of prepared statements' : 'nothing of server-side prepared statements'
  return `The history has ${prepared}, and cuts texts off at performance_schema_max_sql_text_length (1024 unless set; needs a restart).`
}

async function consumerNotes({ transaction }: Recording): Promise<string[]> {
  const consumers = await transaction.query<{ name: string; enabled: string }>(CONSUMERS)
  return consumers
    .filter(({ enabled }) => enabled !== 'YES')
    .map(
      ({ name }) =>
        `performance_schema does not keep ${name}: UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE NAME = '${name}'; lasts until the next restart.`,
    )
}

async function readEvents(recording: Recording, source: string): Promise<number> {
  const { transaction, sink, grammar, options } = recording
  const [own] = await transaction.query<{ thread: string; zero: string }>(OWN)
  const zero = Number(own?.zero ?? Number.NaN)
  const thread = own?.thread ?? 0
  const report = progress(recording, source)
  let rows = 0
  await transaction.each<EventRow>(EVENTS, [thread, thread], (row) => {
    const at = zero + Number(row.started ?? Number.NaN)
    if (options.since !== undefined && at < options.since) return
    const event = {
      thread: row.thread,
      name: row.name,
      text: bytes(row.text),
      database: bytes(row.db),
      at,
      duration: Number(row.lasted ?? Number.NaN),
      rowsSent: Number(row.sent),
      rowsAffected: Number(row.affected),
      errno: Number(row.errno),
      message: bytes(row.message),
    }
    if (!giveEvent(event, sink, grammar)) return
    rows += 1
    report(rows)
  })
  return rows
}
