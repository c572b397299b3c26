import { UserError } from '../../model/errors.js'
import type { ConnectionTarget } from '../dialect.js'

/** Ctrl-C, or the caller's own limit. */
export function cancelled(cause?: unknown): UserError {
  return new UserError('Cancelled.', { code: 'cancelled', cause })
}

export function connectionLost(cause: unknown, target: ConnectionTarget): UserError {
  return new UserError(`The connection to ${target.shown} was lost: ${reason(cause)}.`, {
    code: 'connection-lost',
    cause,
  })
}

/** The last failure decides; the others are hosts and TLS modes that were tried before. */
export function connectionFailure(failures: readonly unknown[], target: ConnectionTarget): UserError {
  const cause = failures.at(-1)
  if (cause instanceof UserError) return cause
  return new UserError(`Could not connect to ${target.shown}: ${reason(cause)}.`, {
    code: 'connection-failed',
    cause,
  })
}

function reason(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
}
