import { UserError } from '../../model/errors.js'
import type { ConnectionTarget } from '../dialect.js'
import type { DatabaseError } from './driver.js'

/** An error that a server sent: the fields that say more than its text, which may be in any language. */
export interface ServerError extends DatabaseError {
  readonly errno: number
  readonly sqlState: string
}

/** Carries a SQLSTATE and a number, so it comes from a server and not from the network or from us. */
export function isServerError(error: unknown): error is ServerError {
  return (
    error instanceof Error &&
    !(error instanceof UserError) &&
    typeof (error as DatabaseError).errno === 'number' &&
    typeof (error as DatabaseError).sqlState === 'string'
  )
}

/** Ctrl-C, or the caller's own limit. */
export function cancelled(cause?: unknown): UserError {
  return new UserError('Cancelled; whatever ran on the server was stopped.', { code: 'cancelled', cause })
}

/** What a stopped statement should end with, and BENCHMARK and SLEEP don't. */
export function interrupted(): ServerError {
  return Object.assign(new Error('Query execution was interrupted'), {
    code: 'ER_QUERY_INTERRUPTED',
    errno: 1317,
    sqlState: '70100',
  })
}

const lostBecause: Readonly<Record<number, string>> = {
  1053: 'the server is stopping',
  1927: 'an administrator ended it (KILL)',
  3169: 'an administrator ended it (KILL)',
  4031: 'the server ended it for having been idle (wait_timeout)',
}

/** After these the server closes the connection. */
export function endsConnection(error: unknown): boolean {
  return isServerError(error) && error.errno in lostBecause
}

/** The connection was there and is gone. */
export function connectionLost(cause: unknown, target: ConnectionTarget): UserError {
  const why = isServerError(cause)
    ? (lostBecause[cause.errno] ?? `the server said: ${said(cause)}`)
    : networkReason(cause)
  return new UserError(`The connection to ${target.shown} was lost: ${why}.`, {
    code: 'connection-lost',
    suggestions: ['Run it again; nothing was left behind on the server.'],
    cause,
  })
}

function networkReason(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: string }
  if (code === 'PROTOCOL_CONNECTION_LOST' || code === 'ECONNRESET' || code === 'EPIPE') {
    return 'the server was stopped, an administrator ended it, or something on the way closed it'
  }
  if (code === 'ETIMEDOUT') return 'the server no longer answers'
  return said(cause)
}

interface Words {
  readonly code: string
  readonly message: string
  readonly suggestions: readonly string[]
}

/**
 * What a refused statement means for a person. Everything but a server's error is given back as it is. Errors that
 * somebody must act on have a paragraph of their own; others show what the server said.
 */
export function explainServerError(error: unknown, statementTimeout: number): unknown {
  if (!isServerError(error)) return error
  const words = (byNumber[error.errno] ?? otherwise)(error, statementTimeout)
  return new UserError(words.message, { code: words.code, suggestions: words.suggestions, cause: error })
}

/** The same for temporary tables, without which a plan can't be worked out. */
export function explainRehearsal(error: unknown): unknown {
  if (!isServerError(error)) return error
  const words = rehearsalByNumber[error.errno]?.(error)
  if (words === undefined) return error
  return new UserError(words.message, { code: words.code, suggestions: words.suggestions, cause: error })
}

const noTemporary = (error: ServerError): Words => ({
  code: 'permission-denied',
  message: `A plan is worked out in temporary tables, which this user may not have: ${said(error)}.`,
  suggestions: [
    `GRANT CREATE TEMPORARY TABLES ON … TO ${account(error)}; nothing else is written, and they are gone at once.`,
  ],
})

const readOnlyServer = (error: ServerError): Words => ({
  code: 'standby',
  message: `A plan is worked out in temporary tables, which this server does not allow: ${said(error)}.`,
  suggestions: ['Connect to the primary; `scan` and `explain` work here too.'],
})

const rehearsalByNumber: Readonly<Record<number, (error: ServerError) => Words>> = {
  1044: noTemporary,
  1142: noTemporary,
  1290: readOnlyServer,
  1836: readOnlyServer,
  1046: () => ({
    code: 'database-missing',
    message: 'A plan is worked out in temporary tables, which belong to a database, and the URL names none.',
    suggestions: ['Add its name to the URL: mysql://user@host/DATABASE.'],
  }),
  1665: () => logged(),
  3750: () => ({
    code: 'primary-key-required',
    message:
      'A plan is worked out in temporary tables, some without a primary key, and this server wants one on every table (sql_require_primary_key).',
    suggestions: [
      'GRANT SESSION_VARIABLES_ADMIN ON *.* TO the user, which may then switch that off for its own session.',
    ],
  }),
}

/** Under binlog_format = STATEMENT the log can't describe what READ COMMITTED does; and replicas would get the tables. */
const logged = (): Words => ({
  code: 'binlog-format',
  message:
    'A plan is worked out in temporary tables, which this server would write to its binary log (binlog_format), and this user may not keep them out of it.',
  suggestions: [
    'GRANT SESSION_VARIABLES_ADMIN (MySQL) or BINLOG ADMIN (MariaDB) ON *.* TO the user, which may then set sql_log_bin = 0 for its own session.',
    'Or set binlog_format = ROW on the server.',
  ],
})

export function wouldBeLogged(cause: unknown): UserError {
  const { message, code, suggestions } = logged()
  return new UserError(message, { code, suggestions, cause })
}

/** `'app'@'10.%'` as the message has it. The host is that of the client; the account's may be a pattern. */
function account(error: ServerError): string {
  const user = /'([^']*)'@'[^']*'/.exec(error.message)?.[1]
  return user === undefined ? 'the user' : `the account of '${user}' (SELECT CURRENT_USER() shows it)`
}

type Explain = (error: ServerError, statementTimeout: number) => Words

const permissionDenied: Explain = (error) => {
  const what = /^(SELECT|SHOW VIEW|EXECUTE) /i.exec(error.message)?.[1]?.toUpperCase() ?? 'SELECT'
  return {
    code: 'permission-denied',
    message: `The user lacks a privilege: ${said(error)}.`,
    suggestions: [
      `A scan needs SELECT on the tables (and SHOW VIEW for views). As an administrator: GRANT ${what} ON … TO ${account(error)}.`,
    ],
  }
}

const stopped: Explain = (_, statementTimeout) => ({
  code: 'statement-timeout',
  message:
    statementTimeout > 0
      ? `A statement was stopped: it ran longer than the statement timeout of ${statementTimeout / 1000} s, or somebody cancelled it on the server.`
      : 'A statement was cancelled on the server.',
  suggestions: ['Give it more time with --timeout, or scan fewer key sets at once with --only.'],
})

const lockTimeout: Explain = () => ({
  code: 'lock-timeout',
  message: 'A table was locked by another session for too long, as ALTER TABLE and LOCK TABLES do.',
  suggestions: ['Run it again when that is done; SHOW FULL PROCESSLIST shows who waits for or holds the lock.'],
})

const full: Explain = (error) => ({
  code: 'server-out-of-resources',
  message: `The server ran out of room: ${said(error)}.`,
  suggestions: ['Scan fewer tables at once with --only, or at a quieter time; sorting needs room for temporary files.'],
})

const changed: Explain = (error) => ({
  code: 'vanished',
  message: `Something was dropped or renamed while it was being read: ${said(error)}.`,
  suggestions: ['Run it again.'],
})

/** 1412: a table that was altered has no rows for older snapshots. */
const altered: Explain = (error) => ({
  code: 'vanished',
  message: `A table was altered while it was being read: ${said(error)}.`,
  suggestions: ['Run it again.'],
})

const brokenView: Explain = (error) => ({
  code: 'permission-denied',
  message: `A view can't be read: ${said(error)}.`,
  suggestions: ['Its definer needs SELECT on the tables below it, or a new definer: ALTER DEFINER = … VIEW.'],
})

const otherwise: Explain = (error) => ({
  code: 'server-error',
  message: `The server refused a statement: ${said(error)} (error ${error.errno}, SQLSTATE ${error.sqlState}).`,
  suggestions: [],
})

const byNumber: Readonly<Record<number, Explain>> = {
  ...all([1044, 1142, 1143, 1227, 1370, 1410], permissionDenied),
  ...all([1356, 1449], brokenView),
  // Its own limit on MySQL and on MariaDB; KILL QUERY, ours or an administrator's.
  ...all([3024, 1969, 1317], stopped),
  1205: lockTimeout,
  ...all([1021, 1114, 1037, 1038, 1041, 1135, 1206], full),
  ...all([1051, 1054, 1146, 1049], changed),
  1412: altered,
}

function all(numbers: readonly number[], explain: Explain): Record<number, Explain> {
  return Object.fromEntries(numbers.map((number) => [number, explain]))
}

/** The text of an error as a part of our sentence. */
export function said(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\.$/, '')
}
