import type { DatabaseInfo } from '../../model/audit.js'
import type { ConnectionTarget, Dialect, Session } from '../dialect.js'
import { jsonRows } from './catalog.js'
import type { PostgresDriver } from './driver.js'
import { openDriver } from './drivers/index.js'
import { versionNote } from './drivers/version.js'
import { countDuplicates } from './duplicates.js'
import { examine } from './examine.js'
import { askFacts } from './facts.js'
import { findTables, listTables, readCatalog } from './find.js'
import { readPlanFacts } from './fix/facts.js'
import { rehearse } from './fix/rehearse.js'
import { scriptOf } from './fix/script.js'
import { readRecorded } from './recorded.js'
import { recordingSettings } from './recorded-settings.js'
import { resolve } from './resolve.js'
import { readStatistics } from './statistics.js'
import { suggest } from './suggest.js'

export const postgres: Dialect = {
  name: 'postgresql',
  schemes: ['postgres', 'postgresql', 'pglite'],
  async connect(target, options) {
    const driver = await openDriver(target, options)
    try {
      return await openSession(driver, target)
    } catch (error) {
      await driver.close()
      throw error
    }
  },
}

interface ServerRow {
  readonly name: string
  readonly number: number
  readonly version: string
  readonly standby: boolean
  /** What transactions run at when the application doesn't say. */
  readonly isolation: string
}

const SERVER = `
  SELECT current_database()::text AS name, current_setting('server_version_num')::int AS number,
         split_part(current_setting('server_version'), ' ', 1) AS version, pg_is_in_recovery() AS standby,
         current_setting('default_transaction_isolation') AS isolation`

const STALE_RETRY =
  'Transactions run at REPEATABLE READ here unless the application says otherwise: after a unique violation, a lookup in the same transaction does not find the row that won. Declare `isolation` in the key sets to have this judged.'

/** A session over a driver that is open already. */
export async function openSession(driver: PostgresDriver, target: ConnectionTarget): Promise<Session> {
  const [server] = await driver.readOnly(({ query }) => jsonRows<ServerRow>(query, SERVER, []))
  if (server === undefined) throw new Error('the server did not tell its version')
  const info: DatabaseInfo = {
    name: server.name,
    dialect: 'postgresql',
    flavour: target.url.startsWith('pglite:') ? 'pglite' : 'postgresql',
    version: server.version,
  }
  const { schemas } = target
  const newer = versionNote(server.number)
  return {
    info,
    notes: [
      ...(server.standby ? ['Read from a hot standby: counts are as of its replay position.'] : []),
      ...(server.isolation === 'repeatable read' ? [STALE_RETRY] : []),
      ...(newer === null ? [] : [newer]),
    ],
    readCatalog: (names) => driver.readOnly((transaction) => readCatalog(transaction, names, schemas)),
    listTables: () => driver.readOnly(({ query }) => listTables(query, schemas)),
    findTables: (names) => driver.readOnly(({ query }) => findTables(query, names)),
    readStatistics: (tables) => driver.readOnly(({ query }) => readStatistics(query, tables)),
    resolve: (keySet, relation) => driver.readOnly((transaction) => resolve(transaction, keySet, relation)),
    askFacts: (resolved) => driver.readOnly((transaction) => askFacts(transaction, resolved)),
    suggest: (resolved, facts) => suggest(resolved, facts, server.number),
    countDuplicates: (table, keySets, options) => countDuplicates(driver, table, keySets, options),
    readPlanFacts: (keySets) =>
      driver.readOnly((transaction) => readPlanFacts(transaction, keySets, { version: server.number, schemas })),
    rehearse: (plan) => rehearse(driver, plan),
    script: scriptOf,
    examine: (tables) => examine(driver, tables, schemas),
    readRecorded: (sink, options) => driver.readOnly((transaction) => readRecorded(transaction, sink, options)),
    recordingSettings: () => driver.readOnly((transaction) => recordingSettings(transaction)),
    close: () => driver.close(),
  }
}
