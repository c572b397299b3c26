import { setTimeout } from 'node:timers/promises'
import type { SessionOptions } from '../../dialect.js'
import { serially } from '../../serially.js'
import type { Attempt, PostgresDriver, Query, ReadTransaction } from '../driver.js'
import { cancelled, endsConnection, explainRehearsal, explainServerError, isServerError } from '../errors.js'
import { firstWord, refuseLasting, refuseWriting } from './guard.js'
import type { Wire } from './wire.js'

/** How long a statement waits for a lock that somebody's DDL holds, in milliseconds. */
const lockTimeout = 5_000
/** After this long without a statement from us the server drops our snapshot, in milliseconds. */
const idleTimeout = 600_000
const cancelTries = 8
/** Milliseconds. */
const cancelInterval = 400

/** Builds the only way to run SQL on a connection: inside a transaction that the server has made read-only. */
export function readOnlyDriver(wire: Wire, options: SessionOptions): PostgresDriver {
  let open = false
  let closed = false
  const { signal } = options
  const onAbort = () => {
    if (open) void stopRunning(wire, () => !open)
  }
  signal?.addEventListener('abort', onAbort)

  async function readOnly<T>(work: (transaction: ReadTransaction) => Promise<T>): Promise<T> {
    return exclusively(async () => {
      await begin(wire, options.statementTimeout)
      return work(transactionOver(wire, options))
    })
  }

  async function exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (open) throw new Error('a read-only transaction is already open on this connection')
    if (signal?.aborted) throw cancelled()
    open = true
    try {
      await wire.revive?.()
      return await work()
    } catch (error) {
      throw signal?.aborted ? cancelled(error) : explainServerError(error, options.statementTimeout)
    } finally {
      await rollback(wire)
      open = false
    }
  }

  async function rehearse<T>(prepare: readonly string[], work: (query: Query) => Promise<T>): Promise<T> {
    return exclusively(async () => {
      await begin(wire, options.statementTimeout, 'ISOLATION LEVEL REPEATABLE READ')
      await prepareRehearsal(wire, prepare)
      await wire.run('SET TRANSACTION READ ONLY', [])
      return work(rehearsalQuery(wire, options))
    })
  }

  return {
    readOnly,
    rehearse,
    async close() {
      signal?.removeEventListener('abort', onAbort)
      if (closed) return
      closed = true
      await wire.close()
    },
  }
}

/**
 * The settings are made by a query, not by SET: it takes the snapshot, and from then on the server itself refuses
 * to make the transaction writable again.
 */
async function begin(
  wire: Wire,
  statementTimeout: number,
  mode = 'ISOLATION LEVEL REPEATABLE READ READ ONLY',
): Promise<void> {
  await wire.run(`BEGIN ${mode}`, [])
  const settings: Record<string, string> = {
    statement_timeout: String(Math.round(statementTimeout)),
    lock_timeout: String(lockTimeout),
    // Compiling the catalog queries takes seconds where running them takes milliseconds.
    jit: 'off',
    idle_in_transaction_session_timeout: String(idleTimeout),
    // Rows that a policy would hide raise an error instead of being left out of the counts.
    row_security: 'off',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'postgres',
    TimeZone: 'UTC',
    bytea_output: 'hex',
    extra_float_digits: '1',
    standard_conforming_strings: 'on',
  }
  const calls = Object.entries(settings).map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`)
  await wire.run(`SELECT ${calls.join(', ')}`, [])
}

/** Always a rollback: it also takes back whatever a session-level setting may have left. */
async function rollback(wire: Wire): Promise<void> {
  try {
    await wire.run('ROLLBACK', [])
  } catch {
    wire.destroy()
  }
}

/** Throws UserError where this role or this server may not have temporary tables. */
async function prepareRehearsal(wire: Wire, prepare: readonly string[]): Promise<void> {
  try {
    for (const sql of prepare) {
      refuseLasting(sql)
      await wire.run(sql, [])
    }
  } catch (error) {
    throw explainRehearsal(error)
  }
}

/** Statements of a rehearsal: those that read, and blocks, which the server keeps from writing to any but temporary tables. */
function rehearsalQuery(wire: Wire, { signal }: SessionOptions): Query {
  return async <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) => {
    if (signal?.aborted) throw cancelled()
    if (firstWord(sql) !== 'do') refuseWriting(sql)
    const result = await wire.run(sql, values)
    if (result.status === 'idle') {
      wire.destroy()
      throw new Error('a statement ended the read-only transaction; the connection was cut')
    }
    return result.rows as Row[]
  }
}

function transactionOver(wire: Wire, { signal, statementTimeout }: SessionOptions): ReadTransaction {
  const inOrder = serially()
  const run = async (sql: string, values: readonly unknown[]) => {
    if (signal?.aborted) throw cancelled()
    refuseWriting(sql)
    const result = await wire.run(sql, values)
    if (result.status === 'idle') {
      wire.destroy()
      throw new Error('a statement ended the read-only transaction; the connection was cut')
    }
    return result.rows
  }
  const recover = async () => {
    if (wire.ended) {
      // Only a wire whose data nobody else can change lives again, so the new transaction sees what the old one saw.
      await wire.revive?.()
      return begin(wire, statementTimeout)
    }
    await wire.run('ROLLBACK TO SAVEPOINT goc_audit', [])
    await wire.run('RELEASE SAVEPOINT goc_audit', [])
  }
  const query: Query = <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) =>
    inOrder(async () => (await run(sql, values)) as Row[])
  const attempt: Attempt = <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) =>
    inOrder(async () => {
      await wire.run('SAVEPOINT goc_audit', [])
      try {
        const rows = (await run(sql, values)) as Row[]
        await wire.run('RELEASE SAVEPOINT goc_audit', [])
        return { rows }
      } catch (error) {
        if (signal?.aborted) throw cancelled(error)
        if (!isServerError(error) || endsConnection(error)) throw error
        await recover()
        return { error }
      }
    })
  return { query, attempt }
}

/** Cancels again and again, since a request that arrives between two statements is lost; in the end cuts the connection. */
async function stopRunning(wire: Wire, isDone: () => boolean): Promise<void> {
  for (let tries = 0; tries < cancelTries; tries += 1) {
    await wire.cancel()
    await setTimeout(cancelInterval)
    if (isDone()) return
  }
  wire.destroy()
}
