import { resolveTarget } from '../../src/config/index.js'
import type { MysqlDriver, ReadTransaction } from '../../src/dialects/mysql/driver.js'
import { openMysql2 } from '../../src/dialects/mysql/drivers/mysql2.js'
import type { DriverOptions } from './driver.js'

/** Opens what the command line would for `--url`. `HOME` is nobody's unless `env` says otherwise. */
export async function openMysql(url: string, options: DriverOptions = {}): Promise<MysqlDriver> {
  const { env = {}, passwordCommand, ...session } = options
  const target = resolveTarget({ url, env: { HOME: '/nonexistent', ...env }, cwd: process.cwd() })
  return openMysql2({ ...target, ...(passwordCommand && { passwordCommand }) }, { statementTimeout: 0, ...session })
}

/** One read-only transaction on a connection of its own. */
export async function readMysql<T>(
  url: string,
  work: (transaction: ReadTransaction, driver: MysqlDriver) => Promise<T>,
  options?: DriverOptions,
): Promise<T> {
  const driver = await openMysql(url, options)
  try {
    return await driver.readOnly((transaction) => work(transaction, driver))
  } finally {
    await driver.close()
  }
}
