import { UserError } from '../../model/errors.js'
import type { DatabaseError } from './driver.js'

/** Carries a SQLSTATE and a number, so it comes from a server and not from the network or from us. */
export function isServerError(error: unknown): error is DatabaseError {
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

/** What a refused statement means for a person. Everything but a server's error is given back as it is. */
export function explainServerError(error: unknown, _statementTimeout: number): unknown {
  return error
}
