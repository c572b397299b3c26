import { MysqlCommands } from '../../model/mysql-commands.js'
import { afterStatement, rowsOf } from '../../model/mysql-statement.js'
import type { SqlGrammar } from '../../model/statement.js'
import type { RecordedSource } from '../dialect.js'
import { bytes, progress, type Recording, refused, since } from './recorded-source.js'

interface GeneralRow extends Record<string, unknown> {
  readonly at: string | null
  readonly thread: string
  readonly command: string
  readonly argument: Buffer
}

/** Neither has an index or a position: a scan gives the rows as they were written. The casts keep the bytes. */
const general = (when: string): string => `
  SELECT UNIX_TIMESTAMP(event_time) * 1000 AS at, CAST(thread_id AS CHAR) AS thread, command_type AS command,
         CAST(argument AS BINARY) AS argument
  FROM mysql.general_log WHERE thread_id <> CONNECTION_ID() AND ${when}`

/** The general log as a table: `log_output` has TABLE. */
export async function readGeneralLog(recording: Recording): Promise<RecordedSource> {
  const { transaction, sink, grammar, options } = recording
  const name = 'mysql.general_log'
  const { sql, values } = since('event_time', options)
  const commands = new MysqlCommands(sink, grammar)
  const report = progress(recording, name)
  let rows = 0
  const refusal = await refused(recording, name, () =>
    transaction.each<GeneralRow>(general(sql), values, (row) => {
      const wasStatement = commands.follow(Number(row.at ?? Number.NaN), row.thread, row.command, bytes(row.argument))
      if (!wasStatement) return
      rows += 1
      report(rows)
    }),
  )
  if (refusal !== null) return { name, rows, notes: [refusal] }
  return { name, rows, notes: rows > 0 ? ['The general log tells neither rows nor errors.'] : [] }
}

interface SlowRow extends Record<string, unknown> {
  readonly at: string | null
  readonly duration: string
  readonly thread: string
  readonly db: Buffer
  readonly sent: number | string
  readonly affected: number | string | null
  readonly text: Buffer
}

const slow = (affected: string, when: string): string => `
  SELECT UNIX_TIMESTAMP(start_time) * 1000 AS at, TIME_TO_SEC(query_time) * 1000 AS duration,
         CAST(thread_id AS CHAR) AS thread, CAST(db AS BINARY) AS db, rows_sent AS sent, ${affected} AS affected,
         CAST(sql_text AS BINARY) AS text
  FROM mysql.slow_log WHERE thread_id <> CONNECTION_ID() AND ${when}`

/** The slow log as a table. */
export async function readSlowLog(recording: Recording): Promise<RecordedSource> {
  const { transaction, options } = recording
  const name = 'mysql.slow_log'
  const report = progress(recording, name)
  const { sql, values } = since('start_time', options)
  const give = slowRows(recording)
  let rows = 0
  const affected = transaction.server.flavour === 'mariadb' ? 'rows_affected' : 'NULL'
  const refusal = await refused(recording, name, () =>
    transaction.each<SlowRow>(slow(affected, sql), values, (row) => {
      if (!give(row)) return
      rows += 1
      report(rows)
    }),
  )
  if (refusal !== null) return { name, rows, notes: [refusal] }
  const note = 'The slow log has what took longer than long_query_time when it ran, and no errors.'
  return { name, rows, notes: rows > 0 ? [note] : [] }
}

/** Commands without a statement have their name in its place. */
const command =
  /^(?:# administrator command: .*|Prepare|Execute|Close stmt|Reset stmt|Quit|Ping|Init DB|Change user|Reset Connection|Statistics|Field List|Long Data|Fetch|Set option|Binlog Dump(?: GTID)?);?$/

function slowRows({ sink, grammar }: Recording): (row: SlowRow) => boolean {
  const grammars = new Map<string, SqlGrammar>()
  return (row) => {
    const text = bytes(row.text)
    if (text === '' || command.test(text)) return false
    const own = grammars.get(row.thread) ?? grammar
    sink.statement({
      at: Number(row.at ?? Number.NaN),
      duration: Number(row.duration),
      session: row.thread,
      database: bytes(row.db),
      application: '',
      transaction: '',
      grammar: own,
      text,
      parameters: null,
      rows: rowsOf(text, Number(row.sent), Number(row.affected ?? Number.NaN)),
    })
    const after = afterStatement(text, { database: '', grammar: own }, grammar).grammar
    if (after !== own) grammars.set(row.thread, after)
    return true
  }
}
