import { UserError } from '../../model/errors.js'
import type { ConnectionTarget } from '../dialect.js'

/** The fields of a server's error that say more than its text, which may be in any language. */
export interface ServerError extends Error {
  /** SQLSTATE */
  readonly code: string
  readonly routine?: string
  readonly detail?: string
  readonly hint?: string
  readonly table?: string
}

/** Carries a SQLSTATE, so it comes from a server and not from the network or from us. */
export function isServerError(error: unknown): error is ServerError {
  if (!(error instanceof Error) || error instanceof UserError) return false
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  return typeof severity === 'string' && typeof code === 'string'
}

/** After these the server closes the connection: class 08, and 57P01 and its like. */
export function endsConnection(error: unknown): boolean {
  return isServerError(error) && /^(08|57P0)/.test(error.code)
}

/** Ctrl-C, or the caller's own limit. */
export function cancelled(cause?: unknown): UserError {
  return new UserError('Cancelled; whatever ran on the server was stopped.', { code: 'cancelled', cause })
}

/** The connection was there and is gone. */
export function connectionLost(cause: unknown, target: ConnectionTarget): UserError {
  const why = isServerError(cause)
    ? (lostBecause[cause.code] ?? `the server said: ${said(cause)}`)
    : networkReason(cause)
  return new UserError(`The connection to ${target.shown} was lost: ${why}.`, {
    code: 'connection-lost',
    suggestions: ['Run it again; nothing was left behind on the server.'],
    cause,
  })
}

const lostBecause: Readonly<Record<string, string>> = {
  '57P01': 'an administrator ended it, or the server was restarted',
  '57P02': 'the server crashed or was stopped at once',
  '57P03': 'the server is starting or stopping',
  '57P05': 'the server ended it for having been idle',
}

function networkReason(cause: unknown): string {
  const { code, message } = (cause ?? {}) as { code?: string; message?: string }
  if (code === 'ECONNRESET' || code === 'EPIPE' || /terminated/.test(message ?? '')) {
    return 'the server or something on the way to it closed it'
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
  const words = (bySqlState[error.code] ?? otherwise)(error, statementTimeout)
  return new UserError(words.message, { code: words.code, suggestions: words.suggestions, cause: error })
}

/** The same for temporary tables, without which a plan can't be worked out. */
export function explainRehearsal(error: unknown): unknown {
  if (!isServerError(error)) return error
  const standby = error.code === '25006'
  if (!standby && !(error.code === '42501' && /temporary/.test(error.message))) return error
  return new UserError(
    standby
      ? 'A plan is worked out in temporary tables, which a standby does not have.'
      : `A plan is worked out in temporary tables, which this role may not have: ${said(error)}.`,
    {
      code: standby ? 'standby' : 'permission-denied',
      suggestions: [
        standby
          ? 'Connect to the primary; `scan` and `explain` work here too.'
          : 'GRANT TEMPORARY ON DATABASE … TO the role; nothing else is written, and they are gone at once.',
      ],
      cause: error,
    },
  )
}

type Explain = (error: ServerError, statementTimeout: number) => Words

const permissionDenied: Explain = (error) => {
  if (error.routine === 'check_enable_rls') {
    return {
      code: 'row-security',
      message: `Row security would hide rows from this role, so every count would be too low: ${said(error)}.`,
      suggestions: [
        'Scan as the owner of the table (unless it has FORCE ROW LEVEL SECURITY) or as a role with BYPASSRLS.',
      ],
    }
  }
  return {
    code: 'permission-denied',
    message: `The role lacks a privilege: ${said(error)}.`,
    suggestions: ['A scan needs CONNECT on the database, USAGE on the schemas and SELECT on the tables.'],
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
  message: 'A table was locked by another session for too long, as ALTER TABLE and VACUUM FULL do.',
  suggestions: ['Run it again when that is done; pg_locks shows who holds the lock.'],
})

const conflict: Explain = (error) => ({
  code: 'standby-conflict',
  message: `The standby cancelled a statement that stood in the way of replication: ${said(error)}.`,
  suggestions: [
    'Run it again, raise max_standby_streaming_delay on the standby, set hot_standby_feedback, or scan the primary.',
  ],
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

const otherwise: Explain = (error) => ({
  code: 'server-error',
  message: `The server refused a statement: ${said(error)} (SQLSTATE ${error.code}).`,
  suggestions: error.hint ? [error.hint] : [],
})

const bySqlState: Readonly<Record<string, Explain>> = {
  '42501': permissionDenied,
  '57014': stopped,
  '55P03': lockTimeout,
  '40001': conflict,
  '53100': full,
  '53200': full,
  '53400': full,
  '42P01': changed,
  '3F000': changed,
}

/** The text of an error as a part of our sentence. */
export function said(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\.$/, '')
}
