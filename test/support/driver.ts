import { resolveTarget } from '../../src/config/index.js'
import type { SessionOptions } from '../../src/dialects/dialect.js'
import type { PostgresDriver, ReadTransaction } from '../../src/dialects/postgres/driver.js'
import { openDriver } from '../../src/dialects/postgres/drivers/index.js'
import { UserError } from '../../src/model/errors.js'

export interface DriverOptions extends Partial<SessionOptions> {
  readonly env?: Readonly<Record<string, string>>
  readonly passwordCommand?: string
}

/** Opens what the command line would for `--url`. `HOME` is nobody's unless `env` says otherwise. */
export async function open(url: string, options: DriverOptions = {}): Promise<PostgresDriver> {
  const { env = {}, passwordCommand, ...session } = options
  const target = resolveTarget({ url, env: { HOME: '/nonexistent', ...env }, cwd: process.cwd() })
  return openDriver({ ...target, ...(passwordCommand && { passwordCommand }) }, { statementTimeout: 0, ...session })
}

/** One read-only transaction on a connection of its own. */
export async function read<T>(
  url: string,
  work: (transaction: ReadTransaction, driver: PostgresDriver) => Promise<T>,
  options?: DriverOptions,
): Promise<T> {
  const driver = await open(url, options)
  try {
    return await driver.readOnly((transaction) => work(transaction, driver))
  } finally {
    await driver.close()
  }
}

/** The UserError that it ends with, as lines: code, message, suggestions. Anything else is thrown on. */
export async function failure(work: Promise<unknown>): Promise<string[]> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [error.code, error.message, ...error.suggestions]
  }
  throw new Error('it did not fail')
}
