import { setTimeout } from 'node:timers/promises'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { ConnectionTarget, SessionOptions } from '../../dialect.js'
import type { Attempt, DatabaseError, MysqlDriver, Query, ReadTransaction } from '../driver.js'
import { cancelled, explainServerError, isServerError } from '../errors.js'
import { refuseLasting, refuseLastingChange, refuseWriting } from './guard.js'
import { readParams } from './params.js'
import { readServer } from './version.js'

const cancelTries = 8
/** Milliseconds. */
const cancelInterval = 400

/** Connects with mysql2. Throws UserError where the server doesn't let us in. */
export async function openMysql2(target: ConnectionTarget, options: SessionOptions): Promise<MysqlDriver> {
  const connection = await connect(target)
  try {
    return await driverOver(connection, target, options)
  } catch (error) {
    connection.destroy()
    throw error
  }
}

async function connect(target: ConnectionTarget): Promise<Connection> {
  const { createConnection } = await import('mysql2/promise')
  const { host, port, user, password, database, socketPath } = readParams(target)
  const connection = await createConnection({
    ...(socketPath === undefined ? { host, port } : { socketPath }),
    user,
    password,
    ...(database === '' ? {} : { database }),
    charset: 'utf8mb4_general_ci',
    dateStrings: true,
    supportBigNumbers: true,
    multipleStatements: false,
    connectAttributes: { program_name: 'goc-audit' },
  })
  // Without a listener an error between two statements would end the process; the next statement reports it.
  connection.on('error', () => {})
  return connection
}

async function driverOver(
  connection: Connection,
  target: ConnectionTarget,
  options: SessionOptions,
): Promise<MysqlDriver> {
  const { signal } = options
  const run = async <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) => {
    if (signal?.aborted) throw cancelled()
    const [rows] = await connection.query<RowDataPacket[]>(sql, [...values])
    return (Array.isArray(rows) ? rows : []) as unknown as Row[]
  }
  const server = await readServer(run)
  for (const sql of settings(server.flavour, server.sqlMode, options.statementTimeout)) await run(sql)
  let open = false
  const onAbort = () => {
    if (open) void stopRunning(connection, target, () => !open)
  }
  signal?.addEventListener('abort', onAbort)

  async function exclusively<T>(work: () => Promise<T>, after: readonly string[] = []): Promise<T> {
    if (open) throw new Error('a read-only transaction is already open on this connection')
    if (signal?.aborted) throw cancelled()
    open = true
    try {
      return await work()
    } catch (error) {
      throw signal?.aborted ? cancelled(error) : explainServerError(error, options.statementTimeout)
    } finally {
      await connection.query('ROLLBACK').catch(() => connection.destroy())
      for (const sql of after) await connection.query(sql).catch(() => {})
      open = false
    }
  }

  return {
    server,
    readOnly: (work) =>
      exclusively(async () => {
        await run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
        await run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')
        return work(transactionOver(run, server))
      }),
    rehearse: (prepare, work) => {
      const made: string[] = []
      return exclusively(async () => {
        for (const sql of prepare) {
          refuseLasting(sql)
          made.push(`DROP TEMPORARY TABLE IF EXISTS ${/^create temporary table (\S+)/i.exec(sql)?.[1]}`)
          await run(sql)
        }
        await run('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')
        await run('START TRANSACTION READ ONLY')
        return work((sql, values) => {
          refuseLastingChange(sql)
          return run(sql, values)
        })
      }, made)
    },
    async close() {
      signal?.removeEventListener('abort', onAbort)
      await connection.end().catch(() => connection.destroy())
    },
  }
}

/** ONLY_FULL_GROUP_BY and the padding of CHAR are about how results look, the rest about what the user's SQL means. */
function settings(flavour: 'mysql' | 'mariadb', sqlMode: string, statementTimeout: number): string[] {
  const modes = sqlMode.split(',').filter((mode) => !['ONLY_FULL_GROUP_BY', 'PAD_CHAR_TO_FULL_LENGTH'].includes(mode))
  return [
    `SET SESSION sql_mode = '${modes.join(',')}'`,
    'SET SESSION TRANSACTION READ ONLY',
    'SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5',
    flavour === 'mysql'
      ? `SET SESSION max_execution_time = ${Math.round(statementTimeout)}`
      : `SET SESSION max_statement_time = ${statementTimeout / 1000}`,
  ]
}

function transactionOver(run: Query, server: ReadTransaction['server']): ReadTransaction {
  const query: Query = (sql, values) => {
    refuseWriting(sql)
    return run(sql, values)
  }
  const attempt: Attempt = async <Row extends Record<string, unknown>>(sql: string, values?: readonly unknown[]) => {
    try {
      return { rows: await query<Row>(sql, values) }
    } catch (error) {
      if (!isServerError(error)) throw error
      return { error: error as DatabaseError }
    }
  }
  return { query, attempt, server }
}

/** KILL QUERY by a second connection, again and again, since one that arrives between two statements is lost. */
async function stopRunning(connection: Connection, target: ConnectionTarget, isDone: () => boolean): Promise<void> {
  try {
    const other = await connect(target)
    try {
      for (let tries = 0; tries < cancelTries && !isDone(); tries += 1) {
        await other.query(`KILL QUERY ${connection.threadId}`)
        await setTimeout(cancelInterval)
      }
    } finally {
      await other.end()
    }
  } catch {
    // Cut below.
  }
  if (!isDone()) connection.destroy()
}
