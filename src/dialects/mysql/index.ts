import type { DatabaseInfo } from '../../model/audit.js'
import type { ConnectionTarget, Dialect, Session } from '../dialect.js'
import type { MysqlDriver, ServerInfo } from './driver.js'
import { openMysql2 } from './drivers/mysql2.js'
import { versionNotes } from './drivers/version.js'
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

export const mysql: Dialect = {
  name: 'mysql',
  schemes: ['mysql', 'mariadb'],
  async connect(target, options) {
    const driver = await openMysql2(target, options)
    return openSession(driver, target)
  },
}

const STALE_RETRY =
  'Transactions run at REPEATABLE READ here unless the application says otherwise: after a unique violation, a plain lookup in the same transaction does not find the row that won. Declare `isolation` in the key sets to have this judged.'

const REPLICA = 'Read from a server that is read-only, as replicas are: counts are as of what it has replayed.'

const NOT_STRICT =
  "The server's sql_mode is not strict: unless the application sets its own, what is too long or out of range is stored changed and without an error, and then not found by what was looked up."

function notesOn(server: ServerInfo): string[] {
  return [
    ...(server.readOnly ? [REPLICA] : []),
    ...(server.isolation === 'REPEATABLE-READ' ? [STALE_RETRY] : []),
    ...(/STRICT_(TRANS|ALL)_TABLES/.test(server.sqlMode) ? [] : [NOT_STRICT]),
    ...versionNotes(server),
  ]
}

/** A session over a driver that is open already. */
export function openSession(driver: MysqlDriver, target: ConnectionTarget): Session {
  const { server } = driver
  const schemas = target.schemas.length > 0 || server.database === '' ? target.schemas : [server.database]
  const info: DatabaseInfo = {
    // Without a database, a URL still names a server.
    name: server.database || schemas.join(', ') || target.shown,
    dialect: 'mysql',
    flavour: server.product ?? server.flavour,
    version: server.version,
  }
  return {
    info,
    notes: notesOn(server),
    readCatalog: (names) => driver.readOnly((transaction) => readCatalog(transaction, names, schemas)),
    listTables: () => driver.readOnly((transaction) => listTables(transaction, schemas)),
    findTables: (names) => driver.readOnly(({ query }) => findTables(query, names)),
    readStatistics: (tables) => driver.readOnly((transaction) => readStatistics(transaction, tables)),
    resolve: (keySet, relation) => driver.readOnly((transaction) => resolve(transaction, keySet, relation)),
    askFacts: (resolved) => driver.readOnly((transaction) => askFacts(transaction, resolved)),
    suggest: (resolved, facts) => suggest(resolved, facts, server),
    countDuplicates: (table, keySets, options) => countDuplicates(driver, table, keySets, options),
    readPlanFacts: (keySets) => driver.readOnly((transaction) => readPlanFacts(transaction, keySets, schemas)),
    rehearse: (plan) => rehearse(driver, plan),
    script: (plan, header) => scriptOf(plan, header, server),
    examine: (tables) => examine(driver, tables, schemas),
    readRecorded: (sink, options) => driver.readOnly((transaction) => readRecorded(transaction, sink, options)),
    recordingSettings: () => driver.readOnly((transaction) => recordingSettings(transaction)),
    close: () => driver.close(),
  }
}
