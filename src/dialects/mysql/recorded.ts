import { grammarOf } from '../../model/mysql-statement.js'
import type { StatementSink } from '../../model/statement.js'
import type { RecordedOptions, RecordedSource } from '../dialect.js'
import type { StreamingTransaction } from './driver.js'
import { readDigests } from './recorded-digests.js'
import { readHistory } from './recorded-history.js'
import type { Recording } from './recorded-source.js'
import { readGeneralLog, readSlowLog } from './recorded-tables.js'

interface ServerRow extends Record<string, unknown> {
  readonly account: string
  readonly mode: string
  readonly performanceSchema: number
  readonly slowComplete: number
}

const SERVER = `
  SELECT CURRENT_USER() AS account, @@global.sql_mode AS mode, @@performance_schema AS performanceSchema,
         @@slow_query_log AND @@global.long_query_time = 0 AND @@global.min_examined_row_limit = 0
           AND FIND_IN_SET('TABLE', @@log_output) > 0 AS slowComplete`

/**
 * The same statement may be in several places, and read twice it would look like two clients'. So one of those that have each
 * statement is read: the slow log where it has all of them, since it tells rows; else the general log; else what there is.
 * Digests are sums, and always read.
 */
export async function readRecorded(
  transaction: StreamingTransaction,
  sink: StatementSink,
  options: RecordedOptions = {},
): Promise<readonly RecordedSource[]> {
  const [server] = await transaction.query<ServerRow>(SERVER)
  if (server === undefined) throw new Error('the server did not tell its settings')
  const recording: Recording = {
    transaction,
    sink,
    grammar: grammarOf(server.mode),
    options,
    account: quotedAccount(server.account),
    performanceSchema: Number(server.performanceSchema) === 1,
  }
  const tables = [readGeneralLog, readSlowLog]
  if (Number(server.slowComplete) === 1) tables.reverse()
  const sources: RecordedSource[] = []
  for (const read of [...tables, readHistory]) sources.push(await unlessRead(sources, () => read(recording)))
  sources.push(await readDigests(recording))
  return sources.filter(({ rows, notes }) => rows > 0 || notes.length > 0)
}

const nothing: RecordedSource = { name: '', rows: 0, notes: [] }

async function unlessRead(
  before: readonly RecordedSource[],
  read: () => Promise<RecordedSource>,
): Promise<RecordedSource> {
  return before.some(({ rows }) => rows > 0) ? nothing : read()
}

/** `app@10.%` → `'app'@'10.%'`: the host is what follows the last @. */
function quotedAccount(account: string): string {
  const at = account.lastIndexOf('@')
  const quoted = (part: string) => `'${part.replaceAll("'", "''")}'`
  return `${quoted(account.slice(0, at))}@${quoted(account.slice(at + 1))}`
}
