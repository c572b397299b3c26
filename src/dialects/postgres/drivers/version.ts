import { UserError } from '../../../model/errors.js'
import type { ConnectionTarget } from '../../dialect.js'
import type { PostgresDriver } from '../driver.js'
import { isServerError } from '../errors.js'

/** Major versions. */
export const oldestVersion = 14
export const newestVersion = 18

interface ServerVersion {
  readonly number: number
  readonly text: string
}

/** Throws UserError for a server that is too old or no PostgreSQL, though it speaks its protocol. */
export async function refuseUnknownServer(driver: PostgresDriver, target: ConnectionTarget): Promise<void> {
  const refusal = judgeVersion(await askVersion(driver), target.shown)
  if (refusal !== null) throw refusal
}

/** `text` as of version(), `number` as of server_version_num; null where we can work with it. */
export function judgeVersion({ number, text }: ServerVersion, shown: string): UserError | null {
  if (!text.startsWith('PostgreSQL ')) {
    return new UserError(`${shown} speaks PostgreSQL's protocol and is another database: ${text.slice(0, 60)}.`, {
      code: 'not-postgresql',
      suggestions: [`goc-audit reads the catalog of PostgreSQL ${oldestVersion} and newer.`],
    })
  }
  if (number >= oldestVersion * 10_000) return null
  const major = Math.floor(number / 10_000)
  return new UserError(`${shown} is PostgreSQL ${major}, and goc-audit needs ${oldestVersion} or newer.`, {
    code: 'server-too-old',
    suggestions: ['Restore a dump of it into a newer server and scan that: rows and indexes are the same there.'],
  })
}

async function askVersion(driver: PostgresDriver): Promise<ServerVersion> {
  try {
    const [server] = await driver.readOnly(({ query }) =>
      query<{ number: number; text: string }>(
        "SELECT current_setting('server_version_num')::int AS number, version() AS text",
      ),
    )
    return server ?? { number: 0, text: '' }
  } catch (error) {
    const { cause } = error as { cause?: unknown }
    // A setting of the last ten years is not known there: Redshift and Greenplum come from PostgreSQL 8 and 9.
    if (isServerError(cause) && cause.code === '42704') return { number: 90_000, text: 'PostgreSQL 9' }
    throw error
  }
}

/** For `Session.notes`: a server newer than those that the tests ran on. `number` as in server_version_num. */
export function versionNote(number: number): string | null {
  const major = Math.floor(number / 10_000)
  if (major <= newestVersion) return null
  return `PostgreSQL ${major} is newer than this goc-audit, which was tested up to ${newestVersion}.`
}
