import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionOptions } from '../../dialect.js'
import { serially } from '../../serially.js'
import type { Attempt, Each, MysqlDriver, Query, ServerInfo, StreamingTransaction } from '../driver.js'
import {
  cancelled,
  endsConnection,
  explainRehearsal,
  explainServerError,
  interrupted,
  isServerError,
  wouldBeLogged,
} from '../errors.js'
import { bind } from './bind.js'
import { refuseLasting, refuseLastingChange, refuseWriting } from './guard.js'
import type { Wire } from './wire.js'

/** How long a statement waits for a lock that somebody's DDL holds, in seconds. */
const lockTimeout = 5
/** After this long without a statement from us the server drops our snapshot, in seconds. */
const idleTimeout = 600
/** How much later than the server's own limit we stop a statement, in milliseconds: not all of them have one there. */
const grace = 500
const stopTries = 8
/** Milliseconds. */
const stopInterval = 400

/** Builds the only way to run SQL on a connection: inside a transaction that the server has made read-only. */
export async function readOnlyDriver(wire: Wire, server: ServerInfo, options: SessionOptions): Promise<MysqlDriver> {
  const { signal, statementTimeout } = options
  const inOrder = serially()
  const run: Query = <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) =>
    inOrder(async () => {
      if (signal?.aborted) throw cancelled()
      const rows = await limited(wire, () => wire.run(bind(sql, values, server.sqlMode)), statementTimeout)
      // Some statements that are stopped end as if nothing had happened, with another result.
      if (signal?.aborted) throw cancelled()
      return rows as Row[]
    })
  const stream: Each = (sql, values, onRow) =>
    inOrder(async () => {
      if (signal?.aborted) throw cancelled()
      const text = bind(sql, values, server.sqlMode)
      await limited(wire, () => wire.stream(text, (row) => onRow(row as never)), statementTimeout)
      if (signal?.aborted) throw cancelled()
    })
  let open = false
  const onAbort = () => {
    if (open) void stopRunning(wire, () => !open)
  }
  for (const sql of settings(server, statementTimeout)) await wire.run(sql)
  signal?.addEventListener('abort', onAbort)

  async function exclusively<T>(work: () => Promise<T>, after: readonly string[] = []): Promise<T> {
    if (open) throw new Error('a read-only transaction is already open on this connection')
    if (signal?.aborted) throw cancelled()
    open = true
    try {
      return await work()
    } catch (error) {
      throw signal?.aborted ? cancelled(error) : explainServerError(error, statementTimeout)
    } finally {
      await inOrder(() => leave(wire, after))
      open = false
    }
  }

  return {
    server,
    readOnly: (work) =>
      exclusively(async () => {
        await run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
        await run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')
        return work({ ...transactionOver(run, server, signal), each: guardedEach(stream) })
      }),
    rehearse: (prepare, work) => {
      const drops = prepare.map((sql) => `DROP TEMPORARY TABLE IF EXISTS ${nameOf(sql)}`)
      return exclusively(async () => {
        await prepareRehearsal(run, server, prepare)
        return work(rehearsalQuery(run))
      }, [
        `SET SESSION sql_mode = '${readingModes(server.sqlMode).join(',')}'`,
        'SET SESSION TRANSACTION READ WRITE',
        ...drops,
        'SET SESSION TRANSACTION READ ONLY',
      ])
    },
    async close() {
      signal?.removeEventListener('abort', onAbort)
      await wire.close()
    },
  }
}

/**
 * ONLY_FULL_GROUP_BY and the padding of CHAR are about how results look, the rest about what the user's SQL means. The
 * others undo what an administrator's init_connect or defaults may have set.
 */
function settings({ flavour, sqlMode }: ServerInfo, statementTimeout: number): string[] {
  const modes = readingModes(sqlMode)
  const limit =
    flavour === 'mysql'
      ? `max_execution_time = ${Math.round(statementTimeout)}`
      : `max_statement_time = ${statementTimeout / 1000}`
  return [
    `SET SESSION sql_mode = '${modes.join(',')}', autocommit = 1, completion_type = 0, time_zone = '+00:00',
       sql_select_limit = DEFAULT, sql_big_selects = 1, sql_safe_updates = 0, sql_auto_is_null = 0, sql_notes = 1, sql_quote_show_create = 1,
       lock_wait_timeout = ${lockTimeout}, innodb_lock_wait_timeout = ${lockTimeout}, wait_timeout = ${idleTimeout}, ${limit}`,
    'SET SESSION TRANSACTION READ ONLY',
  ]
}

const readingModes = (sqlMode: string): string[] =>
  sqlMode.split(',').filter((mode) => !['ONLY_FULL_GROUP_BY', 'PAD_CHAR_TO_FULL_LENGTH'].includes(mode))

/**
 * A rehearsal stores values as the migration does: what doesn't fit is an error, what is there already always fits. Hierarchies may
 * be deep.
 */
function rehearsalSettings({ flavour, sqlMode }: ServerInfo): string {
  const kept = readingModes(sqlMode).filter(
    (mode) => !['', 'NO_ZERO_DATE', 'NO_ZERO_IN_DATE', 'TRADITIONAL'].includes(mode),
  )
  const modes = new Set([...kept, 'STRICT_ALL_TABLES', 'ALLOW_INVALID_DATES', 'NO_AUTO_VALUE_ON_ZERO'])
  const own = flavour === 'mysql' ? 'cte_max_recursion_depth = 4294967295' : 'max_recursive_iterations = 4294967295'
  return `SET SESSION sql_mode = '${[...modes].join(',')}', group_concat_max_len = 4294967295, max_sort_length = 65536, sort_buffer_size = 8388608, ${own}`
}

/** Always a rollback; a connection on which that fails isn't used again. */
async function leave(wire: Wire, after: readonly string[]): Promise<void> {
  try {
    for (const sql of ['ROLLBACK', ...after]) await wire.run(sql)
  } catch {
    wire.destroy()
  }
}

/**
 * Temporary tables can't be made in a session of read-only transactions, and this is the only moment in which it is none.
 * Throws UserError where this user or this server may not have any.
 */
async function prepareRehearsal(run: Query, server: ServerInfo, prepare: readonly string[]): Promise<void> {
  for (const sql of prepare) refuseLasting(sql)
  try {
    await keepFromLog(run, server)
    await allowKeyless(run)
    await run(rehearsalSettings(server))
    await run('SET SESSION TRANSACTION READ WRITE')
    for (const sql of prepare) await run(sql)
    await run('SET SESSION TRANSACTION READ ONLY')
    await run('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')
    await run('START TRANSACTION READ ONLY')
  } catch (error) {
    throw explainRehearsal(error)
  }
}

/**
 * What is done to temporary tables belongs into no binary log: MariaDB writes their making into it unless its format is
 * ROW, which on a replica may even stop the replication. Not everybody may switch the log off for a session.
 */
async function keepFromLog(run: Query, server: ServerInfo): Promise<void> {
  const [log] = await run<{ on: number; format: string }>(
    'SELECT @@sql_log_bin AND @@log_bin AS `on`, @@binlog_format AS format',
  )
  if (log === undefined || Number(log.on) === 0 || log.format === 'ROW') return
  try {
    await run('SET SESSION sql_log_bin = 0')
  } catch (error) {
    if (!isServerError(error)) throw error
    if (log.format === 'STATEMENT' || (server.flavour === 'mariadb' && server.readOnly)) throw wouldBeLogged(error)
  }
}

/** Where every table must have a primary key; who may not switch that off for a session is told by CREATE TABLE. */
async function allowKeyless(run: Query): Promise<void> {
  const rows = await run<{ Value: string }>("SHOW VARIABLES LIKE 'sql_require_primary_key'")
  if (rows[0]?.Value !== 'ON') return
  try {
    await run('SET SESSION sql_require_primary_key = 0')
  } catch (error) {
    if (!isServerError(error)) throw error
  }
}

/** Statements of a rehearsal: those that read, and those that change rows, which the server allows on temporary tables only. */
function rehearsalQuery(run: Query): Query {
  return async (sql, values) => {
    refuseLastingChange(sql)
    return run(sql, values)
  }
}

function nameOf(sql: string): string {
  return (
    /^create temporary table ((?:`(?:[^`]|``)+`|[^\s(.`]+)(?:\.(?:`(?:[^`]|``)+`|[^\s(`]+))?)/i.exec(sql)?.[1] ?? ''
  )
}

function guardedEach(stream: Each): Each {
  return async (sql, values, onRow) => {
    refuseWriting(sql)
    return stream(sql, values, onRow)
  }
}

function transactionOver(
  run: Query,
  server: ServerInfo,
  signal: AbortSignal | undefined,
): Omit<StreamingTransaction, 'each'> {
  const query: Query = async (sql, values) => {
    refuseWriting(sql)
    return run(sql, values)
  }
  const attempt: Attempt = async <Row extends Record<string, unknown>>(sql: string, values?: readonly unknown[]) => {
    try {
      return { rows: await query<Row>(sql, values) }
    } catch (error) {
      if (signal?.aborted) throw cancelled(error)
      if (!isServerError(error) || endsConnection(error)) throw error
      return { error }
    }
  }
  return { query, attempt, server }
}

/** Runs one statement, and has it stopped when it takes longer than the limit; 0 = none. */
async function limited<T>(wire: Wire, work: () => Promise<T>, limit: number): Promise<T> {
  if (limit <= 0) return work()
  let done = false
  let stopping: Promise<void> | undefined
  const timer = setTimeout(() => {
    stopping = stopRunning(wire, () => done)
  }, limit + grace)
  try {
    const result = await work()
    if (stopping !== undefined) throw interrupted()
    return result
  } finally {
    done = true
    clearTimeout(timer)
    // A KILL that is still on its way would hit the next statement.
    await stopping
  }
}

/** Again and again, since a KILL that arrives between two statements is lost; in the end it cuts the connection. */
async function stopRunning(wire: Wire, isDone: () => boolean): Promise<void> {
  for (let tries = 0; tries < stopTries; tries += 1) {
    await wire.stop(tries < stopTries - 1 ? 'query' : 'connection')
    if (isDone()) return
    await sleep(stopInterval)
    if (isDone()) return
  }
  wire.destroy()
}
