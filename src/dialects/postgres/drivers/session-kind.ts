import { UserError } from '../../../model/errors.js'
import type { PostgresDriver } from '../driver.js'

/** libpq's target_session_attrs → whether the server must be in recovery. `any` and `prefer-standby` take either. */
const inRecovery: Readonly<Record<string, boolean>> = {
  'read-write': false,
  primary: false,
  'read-only': true,
  standby: true,
}

/** Why this server isn't of the wanted kind, or null where it is. */
export async function mismatch(driver: PostgresDriver, kind: string, place: string): Promise<UserError | null> {
  const wanted = inRecovery[kind]
  if (wanted === undefined) return null
  const [row] = await driver.readOnly(({ query }) =>
    query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby'),
  )
  if (row?.standby === wanted) return null
  return new UserError(
    `${place} is ${wanted ? 'no standby' : 'a standby'}, and target_session_attrs asks for ${kind}.`,
    {
      code: 'session-kind',
      suggestions: ['Name another host, or leave target_session_attrs away.'],
    },
  )
}
