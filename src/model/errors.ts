import type { SourceLocation } from './keyset.js'

/**
 * A mistake or an outside failure that a person can act on. Printed as one paragraph without a stack; exit code 2.
 * Anything else that is thrown is a defect of ours.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  /** Stable kebab-case word for machines, e.g. `connection-refused`, `config-unknown-key`. */
  readonly code: string
  /** What to do about it, one sentence each. */
  readonly suggestions: readonly string[]
  readonly location: SourceLocation | undefined

  constructor(
    message: string,
    options: { code: string; suggestions?: readonly string[]; location?: SourceLocation | undefined; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.suggestions = options.suggestions ?? []
    this.location = options.location
  }
}
